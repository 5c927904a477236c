// QuickFIX's messages and dictionary: codec <corpus directory> <FIX44.xml>
//
// It is given each message as a text of its own; finding messages in a stream, which the others do, is not measured here.

#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <quickfix/DataDictionary.h>
#include <quickfix/Message.h>

#include "serve.h"

namespace
{

std::vector<std::string> readTexts( const std::string& path )
{
  std::ifstream file( path, std::ios::binary );
  if ( !file ) throw std::runtime_error( "cannot read " + path );
  std::vector<std::string> texts;
  for ( std::string line; std::getline( file, line ); ) texts.push_back( line );
  return texts;
}

enum class Mode { flat, dictionary, validating };

Mode modeOf( const std::string& name )
{
  if ( name == "flat" ) return Mode::flat;
  return name == "validating" ? Mode::validating : Mode::dictionary;
}

/// Gives every field that is to be read of a message to `use`.
template<typename Use>
void readFields( const FIX::Message& message, const std::string& name, const Use& use )
{
  if ( name == "NewOrderSingle" )
  {
    for ( int tag : { 11, 55, 54, 38, 44 } ) use( message.getField( tag ) );
  }
  else if ( name == "ExecutionReport" )
  {
    for ( int tag : { 37, 11, 39, 32, 31 } ) use( message.getField( tag ) );
  }
  else
  {
    const size_t entries = message.groupCount( 268 );
    for ( size_t n = 1; n <= entries; ++n )
    {
      const FIX::FieldMap& entry = *message.getGroupPtr( int( n ), 268 );
      use( entry.getField( 270 ) );
      use( entry.getField( 271 ) );
    }
  }
}

class Codec
{
public:
  Codec( const std::string& directory, const std::string& dictionary ) : m_dictionary( dictionary )
  {
    for ( const char* name : { "NewOrderSingle", "ExecutionReport", "MarketDataSnapshot" } )
      m_texts[name] = readTexts( directory + "/" + name + ".fix" );
    for ( const std::string& text : m_texts["NewOrderSingle"] )
    {
      const FIX::Message order( text, true );
      Values values;
      for ( int tag : bodyTags() ) values.push_back( order.getField( tag ) );
      m_orders.push_back( values );
    }
  }

  /// Length and checksum are checked always: that is what the `true` says.
  template<typename Use>
  size_t decodeAll( const std::string& name, Mode mode, const Use& use ) const
  {
    const std::vector<std::string>& texts = m_texts.at( name );
    for ( const std::string& text : texts )
    {
      if ( mode == Mode::flat )
      {
        readFields( FIX::Message( text, true ), name, use );
        continue;
      }
      const FIX::Message message( text, m_dictionary, true );
      if ( mode == Mode::validating ) m_dictionary.validate( message );
      readFields( message, name, use );
    }
    return texts.size();
  }

  template<typename Use>
  size_t encodeAll( const Use& use ) const
  {
    const FIX::UtcTimeStamp sendingTime( 9, 30, 0, 123, 5, 1, 2026 );
    int msgSeqNum = 0;
    for ( const Values& values : m_orders )
    {
      FIX::Message order;
      FIX::Header& header = order.getHeader();
      header.setField( FIX::BeginString( "FIX.4.4" ) );
      header.setField( FIX::MsgType( "D" ) );
      header.setField( FIX::MsgSeqNum( ++msgSeqNum ) );
      header.setField( FIX::SenderCompID( "BUYSIDE" ) );
      header.setField( FIX::SendingTime( sendingTime, 3 ) );
      header.setField( FIX::TargetCompID( "BROKER" ) );
      for ( size_t n = 0; n < values.size(); ++n ) order.setField( bodyTags()[n], values[n] );
      use( order.toString() );
    }
    return m_orders.size();
  }

private:
  using Values = std::vector<std::string>;

  static const std::vector<int>& bodyTags()
  {
    static const std::vector<int> tags = { 11, 38, 40, 44, 54, 55, 59, 60 };
    return tags;
  }

  const FIX::DataDictionary m_dictionary;
  std::map<std::string, std::vector<std::string>> m_texts;
  std::vector<Values> m_orders;
};

template<typename Pass>
Answer timed( const std::string& passes, const Pass& pass )
{
  size_t count = 0, characters = 0;
  const int64_t start = nanoseconds();
  for ( int n = std::stoi( passes ); n > 0; --n )
  {
    characters = 0;
    count = pass( characters );
  }
  const int64_t elapsed = nanoseconds() - start;
  return Answer().add( "ns", double( elapsed ) ).add( "count", double( count ) ).add( "characters", double( characters ) );
}

/// All fields but BodyLength(9) and CheckSum(10), in any order: engines differ in that.
void digestFields( const std::string& text, Digest& digest )
{
  std::vector<std::string> fields;
  for ( size_t at = 0; at < text.size(); )
  {
    const size_t end = text.find( '\001', at );
    const std::string field = text.substr( at, end - at );
    if ( field.compare( 0, 2, "9=" ) != 0 && field.compare( 0, 3, "10=" ) != 0 ) fields.push_back( field );
    at = end + 1;
  }
  std::sort( fields.begin(), fields.end() );
  for ( const std::string& field : fields ) digest.add( field );
}

} // namespace

int main( int, char** argv )
{
  try
  {
    const Codec codec( argv[1], argv[2] );
    serve( {
      { "decode", [&]( const Words& words ) {
         return timed( words[2], [&]( size_t& characters ) {
           return codec.decodeAll( words[0], modeOf( words[1] ), [&]( const std::string& text ) { characters += text.size(); } );
         } );
       } },
      { "checkDecode", [&]( const Words& words ) {
         Digest digest;
         codec.decodeAll( words[0], modeOf( words[1] ), [&]( const std::string& text ) { digest.add( text ); } );
         return Answer().add( "digest", digest.text() );
       } },
      { "encode", [&]( const Words& words ) {
         return timed( words[2], [&]( size_t& characters ) {
           return codec.encodeAll( [&]( const std::string& text ) { characters += text.size(); } );
         } );
       } },
      { "checkEncode", [&]( const Words& ) {
         Digest digest;
         codec.encodeAll( [&]( const std::string& text ) { digestFields( text, digest ); } );
         return Answer().add( "digest", digest.text() );
       } },
    } );
    return 0;
  }
  catch ( const std::exception& error )
  {
    std::cout << Answer().add( "error", error.what() ).json() << std::endl;
    return 1;
  }
}
