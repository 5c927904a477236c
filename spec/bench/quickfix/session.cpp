// A QuickFIX session: session <acceptor|initiator> <directory> <memory|file> <port>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>

#include <quickfix/Application.h>
#include <quickfix/FileStore.h>
#include <quickfix/MessageStore.h>
#include <quickfix/Session.h>
#include <quickfix/SessionSettings.h>
#include <quickfix/SocketAcceptor.h>
#include <quickfix/SocketInitiator.h>

#include "serve.h"
#include "session-messages.h"

namespace
{

double quantile( const std::vector<int64_t>& sorted, double part )
{
  return double( sorted[std::min( sorted.size() - 1, size_t( double( sorted.size() ) * part ) )] ) / 1000;
}

class Application : public FIX::Application
{
public:
  explicit Application( const FIX::SessionID& sessionID ) : m_sessionID( sessionID ) {}

  void awaitLogon()
  {
    std::unique_lock<std::mutex> lock( m_mutex );
    m_changed.wait( lock, [this] { return m_loggedOn; } );
  }

  void echo() { m_mode = Mode::echo; }

  /// The next order leaves from QuickFIX's own thread, as soon as the report has come: no thread has to be woken for it.
  Answer roundTrips( int count )
  {
    m_digest = Digest();
    m_times.clear();
    m_wanted = count;
    m_done = false;
    m_mode = Mode::roundTrips;
    m_sentAt = nanoseconds();
    sendOrder( 1 );
    awaitDone();
    std::sort( m_times.begin(), m_times.end() );
    return Answer().add( "p50", quantile( m_times, 0.5 ) ).add( "p99", quantile( m_times, 0.99 ) )
      .add( "max", quantile( m_times, 1 ) ).add( "count", double( m_times.size() ) ).add( "digest", m_digest.text() );
  }

  void count( int count )
  {
    m_digest = Digest();
    m_received = 0;
    m_wanted = count;
    m_done = false;
    m_mode = Mode::count;
  }

  Answer counted()
  {
    awaitDone();
    return Answer().add( "end", double( m_end ) ).add( "count", double( m_received ) ).add( "digest", m_digest.text() );
  }

  Answer send( int count )
  {
    // What is sent before that QuickFIX stores only, for a ResendRequest to come.
    awaitLogon();
    const int64_t start = nanoseconds();
    for ( int n = 1; n <= count; ++n ) sendOrder( n );
    return Answer().add( "start", double( start ) );
  }

  void onCreate( const FIX::SessionID& ) override {}
  void onLogout( const FIX::SessionID& ) override {}
  void toAdmin( FIX::Message&, const FIX::SessionID& ) override {}
  void toApp( FIX::Message&, const FIX::SessionID& ) throw( FIX::DoNotSend ) override {}
  void fromAdmin( const FIX::Message&, const FIX::SessionID& ) throw(
    FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue, FIX::RejectLogon ) override {}

  void onLogon( const FIX::SessionID& ) override
  {
    std::lock_guard<std::mutex> lock( m_mutex );
    m_loggedOn = true;
    m_changed.notify_all();
  }

  void fromApp( const FIX::Message& message, const FIX::SessionID& ) throw(
    FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue, FIX::UnsupportedMessageType ) override
  {
    if ( m_mode == Mode::echo )
    {
      FIX::Message report = executionReport( message.getField( 11 ) );
      FIX::Session::sendToTarget( report, m_sessionID );
    }
    else if ( m_mode == Mode::roundTrips )
    {
      m_times.push_back( nanoseconds() - m_sentAt );
      m_digest.add( message.getField( 11 ) );
      m_digest.add( message.getField( 37 ) );
      if ( int( m_times.size() ) == m_wanted ) done();
      else
      {
        m_sentAt = nanoseconds();
        sendOrder( int( m_times.size() ) + 1 );
      }
    }
    else if ( m_mode == Mode::count )
    {
      m_digest.add( message.getField( 11 ) );
      if ( ++m_received == m_wanted ) done();
    }
  }

private:
  enum class Mode { none, echo, roundTrips, count };

  void sendOrder( int n )
  {
    FIX::Message order = newOrderSingle( n );
    FIX::Session::sendToTarget( order, m_sessionID );
  }

  void done()
  {
    m_end = nanoseconds();
    std::lock_guard<std::mutex> lock( m_mutex );
    m_done = true;
    m_changed.notify_all();
  }

  void awaitDone()
  {
    std::unique_lock<std::mutex> lock( m_mutex );
    m_changed.wait( lock, [this] { return m_done; } );
  }

  const FIX::SessionID m_sessionID;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  bool m_loggedOn = false;
  bool m_done = false;
  // Below: set while nothing is under way, then touched by QuickFIX's thread only, until `done`.
  Mode m_mode = Mode::none;
  Digest m_digest;
  std::vector<int64_t> m_times;
  int m_received = 0;
  int m_wanted = 0;
  int64_t m_sentAt = 0;
  int64_t m_end = 0;
};

FIX::SessionSettings settingsFor( const std::string& role, const std::string& directory, const std::string& port )
{
  const bool acceptor = role == "acceptor";
  std::stringstream text;
  text << "[DEFAULT]\nConnectionType=" << role << "\nFileStorePath=" << directory << "/quickfix-" << role
       << "\nUseDataDictionary=N\nSocketNodelay=Y\nSocketConnectHost=127.0.0.1\nSocketConnectPort=" << port
       << "\nSocketAcceptPort=" << port << "\nSocketReuseAddress=Y\nReconnectInterval=1\nHeartBtInt=3600\nCheckLatency=N"
       << "\nStartTime=00:00:00\nEndTime=00:00:00\n[SESSION]\nBeginString=FIX.4.4\nSenderCompID="
       << ( acceptor ? "BROKER" : "BUYSIDE" ) << "\nTargetCompID=" << ( acceptor ? "BUYSIDE" : "BROKER" ) << "\n";
  return FIX::SessionSettings( text );
}

template<typename Engine>
void run( const Words& arguments )
{
  const bool acceptor = arguments[0] == "acceptor";
  const FIX::SessionSettings settings = settingsFor( arguments[0], arguments[1], arguments[3] );
  const FIX::SessionID sessionID( "FIX.4.4", acceptor ? "BROKER" : "BUYSIDE", acceptor ? "BUYSIDE" : "BROKER" );
  Application application( sessionID );
  std::unique_ptr<FIX::MessageStoreFactory> stores;
  if ( arguments[2] == "file" ) stores.reset( new FIX::FileStoreFactory( settings ) );
  else stores.reset( new FIX::MemoryStoreFactory );
  Engine engine( application, *stores, settings );
  serve( {
    { "connect", [&]( const Words& ) {
       engine.start();
       if ( !acceptor ) application.awaitLogon();
       return Answer();
     } },
    { "echo", [&]( const Words& ) { application.echo(); return Answer(); } },
    { "roundTrips", [&]( const Words& words ) { return application.roundTrips( std::stoi( words[0] ) ); } },
    { "count", [&]( const Words& words ) { application.count( std::stoi( words[0] ) ); return Answer(); } },
    { "counted", [&]( const Words& ) { return application.counted(); } },
    { "send", [&]( const Words& words ) { return application.send( std::stoi( words[0] ) ); } },
    { "numbers", [&]( const Words& ) {
       FIX::Session& session = *FIX::Session::lookupSession( sessionID );
       return Answer().add( "nextNumOut", session.getExpectedSenderNum() ).add( "nextNumIn", session.getExpectedTargetNum() );
     } },
    { "stop", [&]( const Words& ) { engine.stop(); return Answer(); } },
  } );
  engine.stop( true );
}

} // namespace

int main( int argc, char** argv )
{
  try
  {
    const Words arguments( argv + 1, argv + argc );
    if ( arguments.at( 0 ) == "acceptor" ) run<FIX::SocketAcceptor>( arguments );
    else run<FIX::SocketInitiator>( arguments );
    return 0;
  }
  catch ( const std::exception& error )
  {
    std::cout << Answer().add( "error", error.what() ).json() << std::endl;
    return 1;
  }
}
