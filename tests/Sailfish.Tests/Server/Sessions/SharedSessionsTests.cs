using System.Buffers;
using System.Text;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Events;
using Sailfish.Server.Nodes;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Sessions;

/// <summary>A session of one node among several: listed where all see it, and ended from wherever that is done.</summary>
public sealed class SharedSessionsTests : IDisposable
{
    private static readonly ConversationKey Direct = ConversationKey.Direct(1, 10001, 10002);
    private readonly LoginParts _parts = new();

    public void Dispose() => _parts.Dispose();

    [Fact]
    public async Task What_is_pushed_while_the_session_is_being_listed_comes_behind_the_LOGIN_answer()
    {
        var connection = _parts.Connect();
        var login = _parts.LogInAsync(connection).AsTask();
        await Wait.UntilAsync(() => _parts.Directory.Entering.Count > 0);
        for (var seq = 1; seq <= 3; seq++)
            Push(connection.Session!, seq);
        Assert.Equal("", Said(connection));
        Assert.False(login.IsCompleted);
        _parts.Directory.Entering.Dequeue().SetResult(FakeDirectory.Entry());
        await login;
        Push(connection.Session!, 4);
        var said = Said(connection);
        int[] places = [said.IndexOf("connectionId", StringComparison.Ordinal), .. Enumerable.Range(1, 4).Select(seq => said.IndexOf($"said {seq}", StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public async Task What_finds_no_room_meanwhile_is_told_of_as_behind()
    {
        var connection = _parts.Connect(maxOutboxBytes: 600);
        var login = _parts.LogInAsync(connection).AsTask();
        await Wait.UntilAsync(() => _parts.Directory.Entering.Count > 0);
        for (var seq = 1; seq <= 50; seq++)
            Push(connection.Session!, seq);
        _parts.Directory.Entering.Dequeue().SetResult(FakeDirectory.Entry());
        await login;
        var said = Said(connection);
        Assert.Contains("said 1", said, StringComparison.Ordinal);
        Assert.DoesNotContain("said 50", said, StringComparison.Ordinal);
        Assert.InRange(said.LastIndexOf("\"behind\"", StringComparison.Ordinal), said.LastIndexOf("said ", StringComparison.Ordinal), said.Length);
    }

    [Fact]
    public async Task Whom_the_directory_refuses_is_told_so_and_nothing_else()
    {
        var connection = _parts.Connect();
        var login = _parts.LogInAsync(connection).AsTask();
        await Wait.UntilAsync(() => _parts.Directory.Entering.Count > 0);
        Push(connection.Session!, 1);
        _parts.Directory.Entering.Dequeue().SetResult(FakeDirectory.Entry(isRefused: true));
        await login;
        var said = Said(connection);
        Assert.Contains("\"bad_token\"", said, StringComparison.Ordinal);
        Assert.DoesNotContain("said 1", said, StringComparison.Ordinal);
        Assert.Null(connection.Session);
        Assert.Empty(_parts.Table.Of(LoginParts.Key));
    }

    [Fact]
    public async Task Who_cannot_be_listed_for_another_reason_may_try_again_on_the_connection()
    {
        var connection = _parts.Connect();
        var login = _parts.LogInAsync(connection).AsTask();
        await Wait.UntilAsync(() => _parts.Directory.Entering.Count > 0);
        _parts.Directory.Entering.Dequeue().SetException(new InvalidDataException());
        await Assert.ThrowsAsync<InvalidDataException>(() => login);
        Assert.Null(connection.Session);
        Assert.Empty(_parts.Table.Of(LoginParts.Key));
        connection.SendError(ErrorWords.Internal, "");
        Assert.Contains("\"internal\"", Said(connection), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kicked_while_the_session_is_being_listed_the_client_hears_of_that_alone_and_at_once()
    {
        var connection = _parts.Connect();
        var login = _parts.LogInAsync(connection).AsTask();
        await Wait.UntilAsync(() => _parts.Directory.Entering.Count > 0);
        Push(connection.Session!, 1);
        Assert.Equal(1, await _parts.Access.KickAsync(LoginParts.Key, CancellationToken.None));
        var said = Said(connection);
        Assert.Contains("\"kicked\"", said, StringComparison.Ordinal);
        Assert.DoesNotContain("said 1", said, StringComparison.Ordinal);
        _parts.Directory.Entering.Dequeue().SetResult(FakeDirectory.Entry(isRefused: true));
        await login;
        Assert.Equal("", Said(connection));
    }

    [Fact]
    public async Task Sessions_that_go_for_a_new_one_end_here_at_once_and_on_other_nodes_by_the_bus()
    {
        var old = await _parts.EnterAsync("phone");
        var connection = _parts.Connect();
        var login = _parts.LogInAsync(connection, "phone").AsTask();
        await Wait.UntilAsync(() => _parts.Directory.Entering.Count > 0);
        _parts.Directory.Entering.Dequeue().SetResult(FakeDirectory.Entry(
            removed: [(FakeDirectory.RowOf(old), ByeReason.Replaced), (new SessionRow(LoginParts.Key, 77, 5, null, null, 0), ByeReason.TooManySessions)]));
        await login;
        Assert.Contains("\"replaced\"", Fakes.SentTo(old), StringComparison.Ordinal);
        Assert.Same(connection, Assert.Single(_parts.Table.Of(LoginParts.Key)).Connection);
        Assert.Equal("close 77 at 5: too_many_sessions", _parts.Directory.Done[^1]);
    }

    [Fact]
    public async Task A_session_that_another_one_has_overtaken_is_answered_and_ended()
    {
        var connection = _parts.Connect();
        var login = _parts.LogInAsync(connection, "phone").AsTask();
        await Wait.UntilAsync(() => _parts.Directory.Entering.Count > 0);
        _parts.Directory.Entering.Dequeue().SetResult(FakeDirectory.Entry(removed: [(FakeDirectory.RowOf(connection.Session!), ByeReason.Replaced)]));
        await login;
        var said = Said(connection);
        Assert.InRange(said.IndexOf("connectionId", StringComparison.Ordinal), 0, said.IndexOf("\"replaced\"", StringComparison.Ordinal));
        Assert.Empty(_parts.Table.Of(LoginParts.Key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_the_store_is_away_the_session_is_let_in_and_listed_later(bool isRefused)
    {
        using var parts = new LoginParts(TimeSpan.FromMilliseconds(20));
        var connection = parts.Connect();
        await parts.LogInAsync(connection);
        Assert.Contains("connectionId", Said(connection), StringComparison.Ordinal);
        Push(connection.Session!, 1);
        Assert.Contains("said 1", Said(connection), StringComparison.Ordinal);
        parts.Directory.Entering.Dequeue().SetResult(FakeDirectory.Entry(isRefused));
        if (isRefused)
            await Wait.UntilAsync(() => Said(connection).Contains("\"kicked\"", StringComparison.Ordinal));
        else
            await Wait.UntilAsync(() => parts.Directory.Done.Contains("late"));
        Assert.Equal(isRefused, connection.IsClosing);
        Assert.Equal(!isRefused, parts.Directory.Done.Contains("late"));
    }

    [Fact]
    public async Task A_user_comes_and_goes_when_the_directory_says_so_by_its_epochs()
    {
        using var events = _parts.Bus.Subscribe();
        var one = await _parts.EnterAsync(cameOnline: true);
        var other = await _parts.EnterAsync();
        _parts.Sessions.End(one);
        await Wait.UntilAsync(() => _parts.Directory.Done.Contains("leave 10001"));
        _parts.Directory.Exit = new SessionExit(WentOffline: true, 7);
        _parts.Sessions.End(other);
        await Wait.UntilAsync(() => events.Reader.Count == 2);
        Assert.Equal(new DomainEvent(EventTypes.UserOnline, 1, LoginParts.User, 1), await events.Reader.ReadAsync(CancellationToken.None));
        Assert.Equal(new DomainEvent(EventTypes.UserOffline, 1, LoginParts.User, 7), await events.Reader.ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Acks_are_stored_before_LOGOUT_is_answered_and_before_the_session_leaves_the_directory()
    {
        var session = await _parts.EnterAsync();
        _parts.Directory.Saving = new TaskCompletionSource();
        var logout = _parts.Sessions.LogOutAsync(session).AsTask();
        Assert.Equal("", Fakes.SentIfAny(session));
        _parts.Directory.Saving.SetResult();
        await logout;
        Assert.NotEqual("", Fakes.SentIfAny(session));
        _parts.Sessions.End(session);
        await Wait.UntilAsync(() => _parts.Directory.Done.Contains("leave 10001"));
        Assert.Equal(["enter 10001", "save", "save", "leave 10001"], _parts.Directory.Done);
    }

    [Fact]
    public async Task A_kick_counts_and_ends_the_sessions_of_all_nodes()
    {
        var here = await _parts.EnterAsync();
        _parts.Directory.Rows.AddRange(
            [FakeDirectory.RowOf(here), new(LoginParts.Key, 77, 5, null, null, 0), new(LoginParts.Key, 78, 6, null, null, 0), new(new UserKey(1, 10002), 79, 6, null, null, 0)]);
        Assert.Equal(3, await _parts.Access.KickAsync(LoginParts.Key, CancellationToken.None));
        Assert.Contains("\"kicked\"", Fakes.SentTo(here), StringComparison.Ordinal);
        Assert.Equal(["close 77 at 5: kicked", "close 78 at 6: kicked"], _parts.Directory.Done[^2..]);
        Assert.Equal(3, await _parts.Access.SuspendAsync(LoginParts.Key, null));
    }

    [Fact]
    public async Task Who_is_online_is_asked_of_the_directory()
    {
        var presence = new PresenceService(_parts.Table, Fakes.Lease, _parts.Directory);
        _parts.Directory.Rows.Add(new(LoginParts.Key, 77, 5, null, null, 0));
        Assert.Equal(77, Assert.Single(await presence.FindAsync(LoginParts.Key, CancellationToken.None)).ConnectionId);
        Assert.Equal([10001L], await presence.OnlineAsync(1, [10001, 10002], CancellationToken.None));
        Assert.Empty(await new PresenceService(_parts.Table, Fakes.Lease).OnlineAsync(1, [10001], CancellationToken.None));
    }

    [Fact]
    public async Task Another_node_ends_a_session_here_by_its_connection_and_the_number_of_this_node()
    {
        var session = await _parts.EnterAsync();
        var id = session.Connection.Id;
        await _parts.Directory.TellAsync(new Change(ChangeKind.Connection, 1, id, Fakes.Lease.Generation + 1, "replaced"));
        Assert.Equal("", Fakes.SentIfAny(session));
        await _parts.Directory.TellAsync(new Change(ChangeKind.Connection, 1, id, Fakes.Lease.Generation, "too_many_sessions"));
        Assert.Contains("\"too_many_sessions\"", Fakes.SentTo(session), StringComparison.Ordinal);
        Assert.Empty(_parts.Table.Of(LoginParts.Key));
    }

    [Fact]
    public async Task When_the_store_has_lost_all_sessions_those_that_are_here_are_listed_again_and_then_a_repair_is_asked_for()
    {
        var one = await _parts.EnterAsync();
        var other = await _parts.EnterAsync();
        var listing = _parts.Listener.EraBegunAsync(CancellationToken.None);
        await Wait.UntilAsync(() => _parts.Directory.Entering.Count == 2);
        _parts.Directory.Entering.Dequeue().SetResult(FakeDirectory.Entry());
        Assert.DoesNotContain("anew", _parts.Directory.Done);
        // It ends while it is listed: it must not stay there.
        _parts.Table.Change(LoginParts.Key, sessions => sessions.Remove(other));
        _parts.Directory.Entering.Dequeue().SetResult(FakeDirectory.Entry());
        await listing;
        Assert.Equal(["again 10001", "again 10001", "save", "leave 10001", "anew"], _parts.Directory.Done[2..]);
        Assert.False(one.Connection.IsClosing);
    }

    [Fact]
    public async Task A_node_that_was_given_up_sends_all_away_each_with_a_time_of_his_own()
    {
        var one = await _parts.EnterAsync();
        var other = await _parts.EnterAsync();
        var givenUp = _parts.Listener.GivenUpAsync(CancellationToken.None);
        foreach (var session in new[] { one, other })
        {
            await Wait.UntilAsync(() => session.Connection.IsClosing);
            var said = Fakes.SentTo(session);
            Assert.Contains("\"draining\"", said, StringComparison.Ordinal);
            Assert.Contains("\"afterMs\"", said, StringComparison.Ordinal);
            Assert.False(givenUp.IsCompleted);
            _parts.Connections.Remove(session.Connection);
        }

        await givenUp;
    }

    private static void Push(Session session, long seq)
    {
        using var scope = session.EnterScope();
        if (scope.IsBehind(Direct) || !scope.TryAppend(session.Encode(Fakes.Message(Direct, seq, data: $"said {seq}"))))
            scope.MarkBehind(Direct);
        scope.Outbox.Flush();
    }

    /// <summary>What was sent to a connection since this was last asked.</summary>
    private static string Said(Connection connection)
    {
        if (!connection.Input.TryRead(out var read))
            return "";
        var text = Encoding.UTF8.GetString(read.Buffer.ToArray());
        connection.Input.AdvanceTo(read.Buffer.End);
        return text;
    }
}
