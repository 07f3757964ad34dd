using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;
using Sailfish.Server.Transports;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>Puts users into rooms of a node in this process, without a socket.</summary>
internal static class RoomMembers
{
    private static long _connections;

    public static RoomMember Add(this RoomTable rooms, RoomKey key, long userId)
    {
        var user = new UserKey(key.AppId, userId);
        var session = new Session(NewConnection(), new TokenIdentity(user, null, null, null), new LoginRequest { AppId = key.AppId, UserId = userId, Protocol = 2 }, 0);
        return rooms.Change(key, room =>
        {
            var member = new RoomMember(session, room);
            room.Add(member);
            return member;
        });
    }

    public static void Remove(this RoomTable rooms, RoomMember member) => rooms.Change(member.Room.Key, room => room.Remove(member));

    private static Connection NewConnection()
    {
        var pipe = new Pipe();
        var transport = new KestrelTransport(new DefaultConnectionContext { Transport = new Duplex(pipe.Reader, pipe.Writer) });
        return new Connection(Interlocked.Increment(ref _connections), transport, Dialect.Binary, 1024, TimeProvider.System);
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
