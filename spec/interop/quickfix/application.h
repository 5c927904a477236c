#ifndef GAPFILL_INTEROP_APPLICATION_H
#define GAPFILL_INTEROP_APPLICATION_H

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <quickfix/Application.h>
#include <quickfix/Session.h>

#include "options.h"
#include "orders.h"
#include "report.h"

/// One application message as it stands in QuickFIX's own store: what was really sent.
struct Sent
{
  int msgSeqNum;
  std::string msgType;
  std::string clOrdID;
};

inline std::string fieldOr( const FIX::FieldMap& map, int tag, const std::string& absent )
{
  return map.isSetField( tag ) ? map.getField( tag ) : absent;
}

/// The messages of the store below the next number to send. One that was written there while the number was not yet
/// taken (killed between the two) has not gone out, and its number will be used again.
inline std::vector<Sent> sentOf( FIX::Session& session )
{
  std::vector<std::string> stored;
  session.getStore()->get( 1, session.getExpectedSenderNum() - 1, stored );
  std::vector<Sent> sent;
  for ( const std::string& text : stored )
  {
    const FIX::Message message( text, false );
    const std::string msgType = message.getHeader().getField( FIX::FIELD::MsgType );
    if ( FIX::Message::isAdminMsgType( msgType ) ) continue;
    sent.push_back( { std::stoi( message.getHeader().getField( FIX::FIELD::MsgSeqNum ) ), msgType,
                      fieldOr( message, FIX::FIELD::ClOrdID, "" ) } );
  }
  return sent;
}

/// Reports everything that comes, answers orders when told to, and knows from the store what it has sent.
class PeerApplication : public FIX::Application
{
public:
  explicit PeerApplication( const Options& options ) : m_options( options ) {}

  /// Blocks until logged on with orders left to send; false when the peer is to end.
  bool waitForWork()
  {
    std::unique_lock<std::mutex> lock( m_mutex );
    m_changed.wait( lock, [this] { return m_ended || ( m_loggedOn && m_ordersSent < m_ordersWanted ); } );
    return !m_ended;
  }

  void sendOrder()
  {
    FIX::Message order = newOrderSingle( m_options.prefix + "-" + std::to_string( m_ordersSent + 1 ) );
    FIX::Session::sendToTarget( order, m_options.sessionID() );
    std::lock_guard<std::mutex> lock( m_mutex );
    ++m_ordersSent;
  }

  void wantOrders( int more )
  {
    std::lock_guard<std::mutex> lock( m_mutex );
    m_ordersWanted += more;
    m_changed.notify_all();
  }

  void end()
  {
    std::lock_guard<std::mutex> lock( m_mutex );
    m_ended = true;
    m_changed.notify_all();
  }

  /// Carries on where the store ends: called before the session is started.
  void resume( FIX::Session& session )
  {
    for ( const Sent& sent : sentOf( session ) )
    {
      if ( sent.msgType == "8" ) m_answered.insert( sent.clOrdID );
      if ( sent.msgType == "D" ) ++m_ordersSent;
    }
    m_ordersWanted = m_options.orders;
  }

  void onCreate( const FIX::SessionID& ) override {}

  void onLogon( const FIX::SessionID& ) override
  {
    report( Line( "logon" ) );
    setLoggedOn( true );
  }

  void onLogout( const FIX::SessionID& ) override
  {
    setLoggedOn( false );
    report( Line( "logout" ) );
  }

  void toAdmin( FIX::Message&, const FIX::SessionID& ) override {}
  void toApp( FIX::Message&, const FIX::SessionID& ) throw( FIX::DoNotSend ) override {}

  void fromAdmin( const FIX::Message& message, const FIX::SessionID& ) throw(
    FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue, FIX::RejectLogon ) override
  {
    const std::string msgType = message.getHeader().getField( FIX::FIELD::MsgType );
    report( Line( "admin" )
              .add( "msgType", msgType )
              .add( "msgSeqNum", std::stoi( message.getHeader().getField( FIX::FIELD::MsgSeqNum ) ) )
              .add( "text", fieldOr( message, FIX::FIELD::Text, "" ) )
              .add( "newSeqNo", std::stoi( fieldOr( message, FIX::FIELD::NewSeqNo, "0" ) ) ) );
  }

  /// QuickFIX counts the message only after this has returned: what is reported here cannot be lost, only come again.
  void fromApp( const FIX::Message& message, const FIX::SessionID& sessionID ) throw(
    FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue, FIX::UnsupportedMessageType ) override
  {
    const FIX::Header& header = message.getHeader();
    const std::string msgType = header.getField( FIX::FIELD::MsgType );
    const std::string clOrdID = fieldOr( message, FIX::FIELD::ClOrdID, "" );
    report( Line( "received" )
              .add( "msgSeqNum", std::stoi( header.getField( FIX::FIELD::MsgSeqNum ) ) )
              .add( "possDup", fieldOr( header, FIX::FIELD::PossDupFlag, "N" ) == "Y" )
              .add( "msgType", msgType )
              .add( "clOrdId", clOrdID ) );
    if ( m_options.echoReports && msgType == "D" && m_answered.insert( clOrdID ).second )
    {
      FIX::Message answer = executionReport( m_options.begin, clOrdID );
      FIX::Session::sendToTarget( answer, sessionID );
    }
  }

private:
  void setLoggedOn( bool loggedOn )
  {
    std::lock_guard<std::mutex> lock( m_mutex );
    m_loggedOn = loggedOn;
    m_changed.notify_all();
  }

  const Options& m_options;
  std::set<std::string> m_answered; // touched by QuickFIX's thread only
  std::mutex m_mutex;
  std::condition_variable m_changed;
  bool m_loggedOn = false;
  bool m_ended = false;
  int m_ordersSent = 0;
  int m_ordersWanted = 0;
};

#endif
