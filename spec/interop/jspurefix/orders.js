/** The two messages that are exchanged, as jspurefix wants them: objects named by the dictionary. */
export function newOrderSingle(beginString, clOrdId, transactTime) {
  const order = { ClOrdID: clOrdId, HandlInst: '1', Side: '1', TransactTime: transactTime, OrdType: '2', Price: 10.25 }
  return beginString === 'FIX.4.2'
    ? { ...order, Symbol: 'MSFT', OrderQty: 100 }
    : { ...order, Instrument: { Symbol: 'MSFT' }, OrderQtyData: { OrderQty: 100 } }
}

export function executionReport(beginString, clOrdId, transactTime) {
  const report = {
    OrderID: `order-${clOrdId}`,
    ClOrdID: clOrdId,
    ExecID: `exec-${clOrdId}`,
    ExecType: '0',
    OrdStatus: '0',
    Side: '1',
    LeavesQty: 100,
    CumQty: 0,
    AvgPx: 0,
    TransactTime: transactTime
  }
  return beginString === 'FIX.4.2'
    ? { ...report, ExecTransType: '0', Symbol: 'MSFT' }
    : { ...report, Instrument: { Symbol: 'MSFT' } }
}
