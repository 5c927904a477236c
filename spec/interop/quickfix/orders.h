#ifndef GAPFILL_INTEROP_ORDERS_H
#define GAPFILL_INTEROP_ORDERS_H

#include <string>

#include <quickfix/FixFields.h>
#include <quickfix/Message.h>

/// The two messages that are exchanged, with what both FIX 4.2 and 4.4 demand of them.
inline FIX::Message newOrderSingle( const std::string& clOrdID )
{
  FIX::Message order;
  order.getHeader().setField( FIX::MsgType( "D" ) );
  order.setField( FIX::ClOrdID( clOrdID ) );
  order.setField( FIX::HandlInst( '1' ) );
  order.setField( FIX::Symbol( "MSFT" ) );
  order.setField( FIX::Side( '1' ) );
  order.setField( FIX::TransactTime( FIX::UtcTimeStamp(), 3 ) );
  order.setField( FIX::FIELD::OrderQty, "100" );
  order.setField( FIX::OrdType( '2' ) );
  order.setField( FIX::FIELD::Price, "10.25" );
  return order;
}

inline FIX::Message executionReport( const std::string& beginString, const std::string& clOrdID )
{
  FIX::Message report;
  report.getHeader().setField( FIX::MsgType( "8" ) );
  report.setField( FIX::OrderID( "order-" + clOrdID ) );
  report.setField( FIX::ExecID( "exec-" + clOrdID ) );
  if ( beginString == "FIX.4.2" ) report.setField( FIX::ExecTransType( '0' ) );
  report.setField( FIX::ExecType( '0' ) );
  report.setField( FIX::OrdStatus( '0' ) );
  report.setField( FIX::ClOrdID( clOrdID ) );
  report.setField( FIX::Symbol( "MSFT" ) );
  report.setField( FIX::Side( '1' ) );
  report.setField( FIX::FIELD::LeavesQty, "100" );
  report.setField( FIX::FIELD::CumQty, "0" );
  report.setField( FIX::FIELD::AvgPx, "0" );
  return report;
}

#endif
