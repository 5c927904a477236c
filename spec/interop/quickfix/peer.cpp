// A counterparty made of QuickFIX, for gapfill's interop suites.
//
// It is an acceptor or an initiator by its command line (options.h), is steered by lines on stdin and reports one JSON
// object a line on stdout. Steering: `send N` (N more orders), `sent` (lists what its store says it has sent), `state`,
// `logout`, `logon` (after a logout), `disconnect` (drops the link), `stop`. The end of stdin ends it at once.

#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

#include <quickfix/FileLog.h>
#include <quickfix/FileStore.h>
#include <quickfix/SocketAcceptor.h>
#include <quickfix/SocketInitiator.h>

#include "application.h"

namespace
{

void sendOrders( PeerApplication& application, int rate )
{
  using Clock = std::chrono::steady_clock;
  Clock::time_point due = Clock::now();
  while ( application.waitForWork() )
  {
    application.sendOrder();
    if ( rate == 0 ) continue;
    due = std::max( due + std::chrono::nanoseconds( 1000000000LL / rate ), Clock::now() - std::chrono::milliseconds( 20 ) );
    std::this_thread::sleep_until( due );
  }
}

void reportSent( FIX::Session& session )
{
  std::string list = "[";
  for ( const Sent& sent : sentOf( session ) )
  {
    if ( list.size() > 1 ) list += ',';
    list += "[" + std::to_string( sent.msgSeqNum ) + "," + Line::quoted( sent.msgType ) + ","
            + Line::quoted( sent.clOrdID ) + "]";
  }
  report( Line( "sent" ).raw( "messages", list + "]" ) );
}

void reportState( FIX::Session& session )
{
  report( Line( "state" )
            .add( "loggedOn", session.isLoggedOn() )
            .add( "nextNumIn", session.getExpectedTargetNum() )
            .add( "nextNumOut", session.getExpectedSenderNum() ) );
}

/// Obeys stdin; true when it was told to stop, false when stdin ended (whoever steered it is gone).
bool obey( PeerApplication& application, FIX::Session& session )
{
  for ( std::string line; std::getline( std::cin, line ); )
  {
    if ( line.compare( 0, 5, "send " ) == 0 ) application.wantOrders( std::stoi( line.substr( 5 ) ) );
    else if ( line == "sent" ) reportSent( session );
    else if ( line == "state" ) reportState( session );
    else if ( line == "logout" ) session.logout( "told to log out" );
    else if ( line == "logon" ) session.logon();
    else if ( line == "disconnect" ) session.disconnect();
    else if ( line == "stop" ) return true;
    else report( Line( "error" ).add( "text", "unknown: " + line ) );
  }
  return false;
}

template<typename Engine>
int run( const Options& options )
{
  const FIX::SessionSettings settings = options.settings();
  PeerApplication application( options );
  FIX::FileStoreFactory stores( settings );
  std::unique_ptr<FIX::FileLogFactory> logs( options.log.empty() ? nullptr : new FIX::FileLogFactory( settings ) );
  std::unique_ptr<Engine> engine( logs ? new Engine( application, stores, settings, *logs )
                                       : new Engine( application, stores, settings ) );
  FIX::Session& session = *FIX::Session::lookupSession( options.sessionID() );
  application.resume( session );
  engine->start();
  report( Line( "started" ).add( "role", options.role ).add( "port", options.port ) );

  std::thread sender( sendOrders, std::ref( application ), options.rate );
  const bool told = obey( application, session );
  application.end();
  sender.join();
  if ( !told ) _exit( 2 );
  engine->stop();
  report( Line( "stopped" ) );
  return 0;
}

} // namespace

int main( int argc, char** argv )
{
  try
  {
    const Options options( argc, argv );
    return options.initiator() ? run<FIX::SocketInitiator>( options ) : run<FIX::SocketAcceptor>( options );
  }
  catch ( const std::exception& error )
  {
    report( Line( "error" ).add( "text", error.what() ) );
    return 1;
  }
}
