#ifndef GAPFILL_INTEROP_OPTIONS_H
#define GAPFILL_INTEROP_OPTIONS_H

#include <ctime>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

#include <quickfix/SessionSettings.h>

/// The command line: `--name value`, flags without a value.
struct Options
{
  std::string role = "acceptor";
  std::string host = "127.0.0.1";
  int port = 0;
  std::string begin = "FIX.4.4";
  std::string sender = "QUICKFIX";
  std::string target = "GAPFILL";
  int heartbeat = 30;
  std::string store;
  std::string log;
  std::string prefix = "q";
  int orders = 0;
  int rate = 0; // orders a second; 0: as fast as it can
  bool resetOnLogon = false;
  bool echoReports = false;

  Options( int argc, char** argv )
  {
    std::map<std::string, std::string*> texts = {
      { "--role", &role }, { "--host", &host }, { "--begin", &begin }, { "--sender", &sender },
      { "--target", &target }, { "--store", &store }, { "--log", &log }, { "--prefix", &prefix } };
    std::map<std::string, int*> numbers = {
      { "--port", &port }, { "--heartbeat", &heartbeat }, { "--orders", &orders }, { "--rate", &rate } };
    std::map<std::string, bool*> flags = {
      { "--reset-on-logon", &resetOnLogon }, { "--echo-reports", &echoReports } };

    for ( int i = 1; i < argc; ++i )
    {
      const std::string name = argv[i];
      if ( flags.count( name ) ) { *flags[name] = true; continue; }
      if ( i + 1 == argc ) throw std::invalid_argument( name + " is unknown or lacks its value" );
      const std::string value = argv[++i];
      if ( texts.count( name ) ) *texts[name] = value;
      else if ( numbers.count( name ) ) *numbers[name] = std::stoi( value );
      else throw std::invalid_argument( name + " is unknown" );
    }
    if ( role != "acceptor" && role != "initiator" ) throw std::invalid_argument( "--role is acceptor or initiator" );
    if ( port <= 0 ) throw std::invalid_argument( "--port is missing" );
    if ( store.empty() ) throw std::invalid_argument( "--store is missing" );
  }

  bool initiator() const { return role == "initiator"; }

  FIX::SessionID sessionID() const { return FIX::SessionID( begin, sender, target ); }

  FIX::SessionSettings settings() const
  {
    std::stringstream text;
    text << "[DEFAULT]\n"
         << "ConnectionType=" << role << "\n"
         << "FileStorePath=" << store << "\n"
         << "FileLogPath=" << log << "\n"
         << "UseDataDictionary=N\n" // Debian's package brings none
         << "SocketConnectHost=" << host << "\n"
         << "SocketConnectPort=" << port << "\n"
         << "SocketAcceptPort=" << port << "\n"
         << "SocketNodelay=Y\n"
         << "ReconnectInterval=1\n"
         << "HeartBtInt=" << heartbeat << "\n"
         << "ResetOnLogon=" << ( resetOnLogon ? "Y" : "N" ) << "\n"
         << "StartTime=00:00:00\nEndTime=00:00:00\n"
         << "StartDay=" << farDay() << "\nEndDay=" << farDay() << "\n"
         << "[SESSION]\n"
         << "BeginString=" << begin << "\nSenderCompID=" << sender << "\nTargetCompID=" << target << "\n";
    return FIX::SessionSettings( text );
  }

private:
  /// A weekly session that turns over three days from now, so that no run meets its end, not even across midnight.
  static std::string farDay()
  {
    static const char* days[] = { "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday" };
    const std::time_t now = std::time( nullptr );
    std::tm utc;
    gmtime_r( &now, &utc );
    return days[( utc.tm_wday + 3 ) % 7];
  }
};

#endif
