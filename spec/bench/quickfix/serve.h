#ifndef GAPFILL_BENCH_SERVE_H
#define GAPFILL_BENCH_SERVE_H

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

/// The engine's side of a measurement, as peer/serve.js has it: a line on stdin, a JSON object on stdout.

using Words = std::vector<std::string>;

/// The members of an answer.
class Answer
{
public:
  Answer& add( const char* name, double value )
  {
    char text[32];
    std::snprintf( text, sizeof text, "%.17g", value );
    return raw( name, text );
  }
  Answer& add( const char* name, const std::string& value ) { return raw( name, '"' + value + '"' ); }
  std::string json() const { return '{' + m_text + '}'; }

private:
  Answer& raw( const char* name, const std::string& json )
  {
    if ( !m_text.empty() ) m_text += ',';
    m_text += '"' + std::string( name ) + "\":" + json;
    return *this;
  }

  std::string m_text;
};

/// Nanoseconds of the clock that Node's `process.hrtime` reads too.
inline int64_t nanoseconds()
{
  using namespace std::chrono;
  return duration_cast<std::chrono::nanoseconds>( steady_clock::now().time_since_epoch() ).count();
}

/// As peer/digest.js: FNV-1a over texts, each ended by a zero byte.
class Digest
{
public:
  void add( const std::string& text )
  {
    for ( unsigned char c : text ) m_hash = ( m_hash ^ c ) * 0x01000193u;
    m_hash *= 0x01000193u;
    ++m_texts;
  }

  std::string text() const
  {
    char hex[16];
    std::snprintf( hex, sizeof hex, "%x", m_hash );
    return std::to_string( m_texts ) + ':' + hex;
  }

private:
  uint32_t m_hash = 0x811c9dc5u;
  size_t m_texts = 0;
};

inline void serve( const std::map<std::string, std::function<Answer( const Words& )>>& commands )
{
  std::cout << "{\"ready\":true}" << std::endl;
  for ( std::string line; std::getline( std::cin, line ); )
  {
    std::istringstream in( line );
    std::string name, word;
    in >> name;
    Words words;
    while ( in >> word ) words.push_back( word );
    try
    {
      std::cout << commands.at( name )( words ).json() << std::endl;
    }
    catch ( const std::exception& error )
    {
      std::string text = line + ": " + error.what();
      for ( char& c : text ) if ( c == '"' || c == '\\' || c < ' ' ) c = ' ';
      std::cout << Answer().add( "error", text ).json() << std::endl;
    }
  }
}

#endif
