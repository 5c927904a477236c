#ifndef GAPFILL_BENCH_SESSION_MESSAGES_H
#define GAPFILL_BENCH_SESSION_MESSAGES_H

#include <string>

#include <quickfix/FixFields.h>
#include <quickfix/Message.h>

/// As corpus/session-messages.js has them. Texts are set as they are: typed setters would only convert them first.

inline FIX::Message newOrderSingle( int n )
{
  FIX::Message order;
  order.getHeader().setField( FIX::MsgType( "D" ) );
  order.setField( 11, "A" + std::to_string( 1000000 + n ) );
  order.setField( 38, std::to_string( 100 + n % 400 ) );
  order.setField( 40, "2" );
  order.setField( 44, std::to_string( 100 + n % 50 ) + ".25" );
  order.setField( 54, "1" );
  order.setField( 55, "MSFT" );
  order.setField( 59, "0" );
  order.setField( 60, "20260105-09:30:00.123" );
  return order;
}

inline FIX::Message executionReport( const std::string& clOrdID )
{
  FIX::Message report;
  report.getHeader().setField( FIX::MsgType( "8" ) );
  report.setField( 1, "ACCOUNT-1234" );
  report.setField( 6, "0" );
  report.setField( 11, clOrdID );
  report.setField( 14, "0" );
  report.setField( 15, "USD" );
  report.setField( 17, "EXEC-" + clOrdID );
  report.setField( 30, "XNAS" );
  report.setField( 37, "ORDER-" + clOrdID );
  report.setField( 38, "100" );
  report.setField( 39, "0" );
  report.setField( 40, "2" );
  report.setField( 44, "100.25" );
  report.setField( 54, "1" );
  report.setField( 55, "MSFT" );
  report.setField( 58, "accepted by the book" );
  report.setField( 59, "0" );
  report.setField( 60, "20260105-09:30:00.123" );
  report.setField( 64, "20260107" );
  report.setField( 75, "20260105" );
  report.setField( 150, "0" );
  report.setField( 151, "100" );
  report.setField( 207, "XNAS" );
  return report;
}

#endif
