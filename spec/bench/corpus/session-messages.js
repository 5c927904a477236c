/** The fields of the n-th order that sessions exchange, about 160 bytes with header and trailer; n counts from 1. */
export function orderFields(n) {
  return [
    [11, `A${1_000_000 + n}`],
    [38, String(100 + (n % 400))],
    [40, '2'],
    [44, `${100 + (n % 50)}.25`],
    [54, '1'],
    [55, 'MSFT'],
    [59, '0'],
    [60, '20260105-09:30:00.123']
  ]
}

/** The fields of the report that answers it, about 340 bytes. */
export function reportFields(clOrdId) {
  return [
    [1, 'ACCOUNT-1234'],
    [6, '0'],
    [11, clOrdId],
    [14, '0'],
    [15, 'USD'],
    [17, `EXEC-${clOrdId}`],
    [30, 'XNAS'],
    [37, `ORDER-${clOrdId}`],
    [38, '100'],
    [39, '0'],
    [40, '2'],
    [44, '100.25'],
    [54, '1'],
    [55, 'MSFT'],
    [58, 'accepted by the book'],
    [59, '0'],
    [60, '20260105-09:30:00.123'],
    [64, '20260107'],
    [75, '20260105'],
    [150, '0'],
    [151, '100'],
    [207, 'XNAS']
  ]
}
