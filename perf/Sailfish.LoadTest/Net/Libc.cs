using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Sailfish.LoadTest.Net;

/// <summary>
/// The system calls of the receiving loop. Ten thousand sockets on one core leave no room for a task, a buffer and
/// a completion each; epoll and one shared buffer do.
/// </summary>
internal static partial class Libc
{
    internal const int Again = 11;
    internal const int Interrupted = 4;
    internal const int InProgress = 115;

    internal const int MessageDontWait = 0x40;
    internal const int MessageNoSignal = 0x4000;

    internal const int EpollControlAdd = 1;
    internal const uint EpollIn = 0x1;
    internal const uint EpollOut = 0x4;
    internal const uint EpollError = 0x8;
    internal const uint EpollHangUp = 0x10;
    internal const uint EpollReadHangUp = 0x2000;
    internal const uint EpollEdge = 1u << 31;

    internal const int AddressFamilyInet = 2;
    internal const int StreamNonBlockingCloseOnExec = 1 | 0x800 | 0x80000;
    internal const int EpollCloseOnExec = 0x80000;
    internal const int LevelSocket = 1;
    internal const int ReceiveBuffer = 8;
    internal const int LevelTcp = 6;
    internal const int TcpNoDelay = 1;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    internal static partial int Socket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    internal static partial int Connect(int socket, in InetAddress address, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    internal static partial int SetOption(int socket, int level, int option, in long value, int length);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    internal static partial nint Receive(int socket, ref byte buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    internal static partial nint Send(int socket, ref readonly byte buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    internal static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    internal static partial int EpollControl(int epoll, int operation, int descriptor, ref byte epollEvent);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    internal static partial int EpollWait(int epoll, ref byte events, int maxEvents, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    internal static partial int SetAffinity(int thread, nint length, in ulong mask);
}
