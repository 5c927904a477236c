#ifndef GAPFILL_INTEROP_REPORT_H
#define GAPFILL_INTEROP_REPORT_H

#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <sstream>
#include <string>
#include <unistd.h>

/// One JSON object, built a member at a time: Line("logon").add("port", 1).add("text", "x").
class Line
{
public:
  explicit Line( const std::string& event ) { m_text << "{\"event\":" << quoted( event ); }

  Line& add( const char* name, int value ) { return raw( name, std::to_string( value ) ); }
  Line& add( const char* name, bool value ) { return raw( name, value ? "true" : "false" ); }
  Line& add( const char* name, const char* value ) { return raw( name, quoted( value ) ); }
  Line& add( const char* name, const std::string& value ) { return raw( name, quoted( value ) ); }
  /// `json` goes in as it is.
  Line& raw( const char* name, const std::string& json )
  {
    m_text << ",\"" << name << "\":" << json;
    return *this;
  }

  std::string str() const { return m_text.str() + "}\n"; }

  static std::string quoted( const std::string& text )
  {
    std::string out = "\"";
    for ( unsigned char c : text )
    {
      if ( c == '"' || c == '\\' ) { out += '\\'; out += char( c ); }
      else if ( c >= ' ' && c < 0x7f ) out += char( c );
      else
      {
        static const char hex[] = "0123456789abcdef";
        out += "\\u00";
        out += hex[c >> 4];
        out += hex[c & 15];
      }
    }
    return out + '"';
  }

private:
  std::ostringstream m_text;
};

/// Hands the line to the kernel before it returns, so that a SIGKILL right after it loses nothing of it.
inline void report( const Line& line )
{
  static std::mutex mutex;
  const std::string text = line.str();
  std::lock_guard<std::mutex> lock( mutex );
  for ( size_t done = 0; done < text.size(); )
  {
    const ssize_t written = write( STDOUT_FILENO, text.data() + done, text.size() - done );
    if ( written > 0 ) done += size_t( written );
    else if ( errno != EINTR ) _exit( 3 ); // nobody listens any more
  }
}

#endif
