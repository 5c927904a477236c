#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// QuickFIX 1.15 listens on every interface and has no setting for it. The program's own `bind` takes precedence over
// libc's in the library too: a test peer listens on loopback and nowhere else.
extern "C" int bind( int socket, const sockaddr* address, socklen_t length ) noexcept
{
  if ( address->sa_family != AF_INET || length < sizeof( sockaddr_in ) )
    return int( syscall( SYS_bind, socket, address, length ) );
  sockaddr_in loopback = *reinterpret_cast<const sockaddr_in*>( address );
  loopback.sin_addr.s_addr = htonl( INADDR_LOOPBACK );
  return int( syscall( SYS_bind, socket, &loopback, sizeof( loopback ) ) );
}
