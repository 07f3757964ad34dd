using System.Text.Json.Nodes;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>People without an account, as the contract has them.</summary>
internal static class GuestSteps
{
    /// <summary>2^52, written out: the first id of a guest.</summary>
    public const long FirstGuest = 4_503_599_627_370_496;

    private static long _last = FirstGuest - 1;

    /// <summary>An id that no other test has. One that the server draws is the same but for bad luck.</summary>
    public static long NewGuest() => Interlocked.Increment(ref _last);

    /// <summary>What makes a token a guest's.</summary>
    public static void OfGuest(this JsonObject token) => token["guest"] = true;

    /// <summary>What somebody without an account gets of the page.</summary>
    public static async Task<(long User, string Token)> GuestConfigAsync(this PageClient browser)
    {
        var config = await browser.OkAsync("/im/guestConfig");
        return (config.Number("userId"), config.Text("token"));
    }

    /// <summary>A guest with a token of the page, in a room.</summary>
    public static async Task<TestClient> VisitAsync(this PageClient browser, long room)
    {
        var (user, token) = await browser.GuestConfigAsync();
        var client = await browser.Server.PresentAsync(token, user);
        Assert.Equal(Code.Login, (await client.ReceiveAsync()).Code);
        Assert.Equal(room, (await client.JoinAsync(room)).Number("roomId"));
        return client;
    }

    /// <summary>A guest whose token the test made.</summary>
    public static Task<TestClient> LogInGuestAsync(
        ServerProcess server, long user, Transport transport = Transport.Tcp, int protocol = 2, string? device = null, long? legacyRoom = null) =>
        TestClient.LogInAsync(server, user, transport, protocol, device, legacyRoom, OfGuest);

    /// <summary>Rows of each table of the server's database.</summary>
    public static Dictionary<string, long> RowCounts(this ServerProcess server)
    {
        var tables = server.Sql("SELECT name FROM sqlite_master WHERE type = 'table'", command =>
        {
            List<string> names = [];
            using var rows = command.ExecuteReader();
            while (rows.Read())
                names.Add(rows.GetString(0));
            return names;
        });
        return tables.ToDictionary(table => table, table => server.Sql($"SELECT count(*) FROM {table}", command => Convert.ToInt64(command.ExecuteScalar())));
    }
}
