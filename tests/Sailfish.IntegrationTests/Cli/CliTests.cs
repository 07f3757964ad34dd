using System.Text;
using System.Text.Json;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cli;

/// <summary>The command line tool against the real server.</summary>
public sealed class CliTests
{
    [Fact]
    public async Task Two_chats_talk()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await CliProcess.StartOnlineAsync(server, "chat", "--user", "10001", "--to", "10002", "--name", "Ann");
        await using var bob = await CliProcess.StartOnlineAsync(server, "chat", "--user", "10002", "--to", "10001");
        await ann.TypeAsync("hello", "", "how are you?");
        await bob.PrintedAsync(2);
        await bob.TypeAsync("fine 🐟");
        await ann.PrintedAsync(1);
        Assert.Equal(["Ann: hello", "Ann: how are you?"], bob.Messages);
        Assert.Equal(["10002: fine 🐟"], ann.Messages);
        Assert.Matches(@"^\d\d:\d\d:\d\d 10002: fine", ann.Lines[0]);
        Assert.Equal(0, await ann.EndAsync());
        Assert.Equal(0, await bob.InterruptAsync());
    }

    [Fact]
    public async Task Killed_chat_comes_back_and_prints_each_message_once_in_order()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await CliProcess.StartOnlineAsync(server, "chat", "--user", "10001", "--to", "10002");
        var bob = await CliProcess.StartOnlineAsync(server, "chat", "--user", "10002", "--to", "10001");
        await ann.TypeAsync("1", "2", "3");
        await bob.PrintedAsync(3);
        await Wait.UntilAsync(async () => await UnackedAsync(server, 10002) == 0, "the acks");
        await bob.KillAsync();
        var before = bob.Messages;
        await bob.DisposeAsync();
        await ann.TypeAsync("4", "5", "6");
        await Wait.UntilAsync(async () => await UnackedAsync(server, 10002) == 3, "the messages to be stored");

        await using var again = await CliProcess.StartOnlineAsync(server, "chat", "--user", "10002", "--to", "10001");
        await ann.TypeAsync("7");
        await again.PrintedAsync(4);
        Assert.Equal(0, await again.EndAsync());
        Assert.Equal(Enumerable.Range(1, 7).Select(i => $"10001: {i}"), before.Concat(again.Messages));
    }

    [Fact]
    public async Task Chats_survive_a_server_that_is_killed_and_started_again()
    {
        await using var server = await ClientHarness.StartOnFixedPortsAsync();
        await using var ann = await CliProcess.StartOnlineAsync(server, "chat", "--user", "10001", "--to", "10002");
        await using var bob = await CliProcess.StartOnlineAsync(server, "chat", "--user", "10002", "--to", "10001", "--stay");
        await ann.TypeAsync("1");
        await bob.PrintedAsync(1);
        await server.KillAsync();
        await ann.TypeAsync("2", "3");
        await server.StartAgainAsync();
        await ann.TypeAsync("4");
        await bob.PrintedAsync(4);
        Assert.Equal(0, await ann.EndAsync());
        Assert.Equal(["10001: 1", "10001: 2", "10001: 3", "10001: 4"], bob.Messages);
        await Wait.UntilAsync(() => bob.Notes.Any(note => note.StartsWith("* connecting again", StringComparison.Ordinal)));
        Assert.Equal(0, await bob.InterruptAsync());
    }

    [Fact]
    public async Task Rooms_survive_a_server_that_stops_in_order()
    {
        await using var server = await ClientHarness.StartOnFixedPortsAsync();
        await using var ann = await CliProcess.StartOnlineAsync(server, "room", "--user", "10001", "--room", "7");
        await using var bob = await CliProcess.StartOnlineAsync(server, "room", "--user", "10002", "--room", "7");
        await Wait.UntilAsync(() => bob.Notes.Any(note => note.StartsWith("* in room 7", StringComparison.Ordinal)), "bob to be in the room");
        await ann.TypeAsync("1");
        await bob.PrintedAsync(1);
        Assert.Equal(0, await server.StopAsync());
        await ann.TypeAsync("2");
        await server.StartAgainAsync();
        await ann.TypeAsync("3");
        await bob.PrintedAsync(3);
        Assert.Equal(["10001: 1", "10001: 2", "10001: 3"], bob.Messages);
        Assert.Equal(0, await ann.EndAsync());
        Assert.Equal(0, await bob.EndAsync());
    }

    [Fact]
    public async Task Room_prints_the_history_asked_for()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = CliProcess.Start(server, "room", "--user", "10001", "--room", "7");
        await ann.TypeAsync("1", "2", "3");
        Assert.Equal(0, await ann.EndAsync());
        await using var bob = CliProcess.Start(server, "room", "--user", "10002", "--room", "7", "--history", "2");
        Assert.Equal(0, await bob.EndAsync());
        Assert.Equal(["10001: 2", "10001: 3"], bob.Messages);
    }

    [Fact]
    public async Task Piped_lines_beyond_the_rate_limit_are_all_sent_before_the_end()
    {
        await using var server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=200", "Limits:MessagesBurst=40");
        await using var ann = CliProcess.Start(server, "chat", "--user", "10001", "--to", "10002");
        var lines = ClientHarness.Numbers(1, 500);
        await ann.TypeAsync([.. lines]);
        Assert.Equal(0, await ann.EndAsync());
        await using var bob = CliProcess.Start(server, "chat", "--user", "10002", "--to", "10001");
        Assert.Equal(0, await bob.EndAsync());
        Assert.Equal(lines.Select(line => $"10001: {line}"), bob.Messages);
    }

    [Fact]
    public async Task Line_in_another_encoding_is_refused_and_the_others_are_sent()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = CliProcess.Start(server, "chat", "--user", "10001", "--to", "10002");
        byte[] gbk = [0xC4, 0xE3, 0xBA, 0xC3];
        await ann.TypeAsync([.. "\uFEFFfirst 你好\r\n"u8, .. gbk, (byte)'\n', .. "cut "u8, 0xE4, 0xBD, (byte)'\n', .. "last 🐟"u8]);
        Assert.Equal(1, await ann.EndAsync());
        Assert.Contains("* not sent: line 2 is not valid utf-8", ann.Notes);
        Assert.Contains("* not sent: line 3 is not valid utf-8", ann.Notes);
        await using var bob = CliProcess.Start(server, "chat", "--user", "10002", "--to", "10001");
        Assert.Equal(0, await bob.EndAsync());
        Assert.Equal(["10001: first 你好", "10001: last 🐟"], bob.Messages);
        var (exitCode, error) = await CliProcess.ShellAsync(server, """sailfish send --to 10002 --content $'\xc4\xe3'""");
        Assert.Equal((2, "sailfish: an argument is not valid utf-8"), (exitCode, error.Split('\n')[0]));
    }

    [Theory]
    [InlineData("sailfish chat --user 10002 --to 10001 < /dev/null > /dev/full", "No space left on device")]
    [InlineData("sailfish chat --user 10002 --to 10001 --stay < /dev/null | true", "nobody reads the output any more")]
    public async Task Message_that_could_not_be_printed_is_not_acked_and_comes_again(string line, string why)
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = CliProcess.Start(server, "chat", "--user", "10001", "--to", "10002");
        await ann.TypeAsync("1", "2", "3");
        Assert.Equal(0, await ann.EndAsync());
        // The pipe's reader is gone before the first message comes.
        var (exitCode, error) = await CliProcess.ShellAsync(server, $"set -o pipefail; {line}");
        Assert.Equal(1, exitCode);
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.Equal(3, await UnackedAsync(server, 10002));
        await using var bob = CliProcess.Start(server, "chat", "--user", "10002", "--to", "10001");
        Assert.Equal(0, await bob.EndAsync());
        Assert.Equal(["10001: 1", "10001: 2", "10001: 3"], bob.Messages);
        Assert.Equal(0, await UnackedAsync(server, 10002));
    }

    [Fact]
    public async Task Chat_that_stays_ends_when_nobody_reads_it_any_more()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = CliProcess.Start(server, "chat", "--user", "10001", "--to", "10002");
        await ann.TypeAsync("1");
        Assert.Equal(0, await ann.EndAsync());
        var (exitCode, _) = await CliProcess.ShellAsync(server, "sailfish chat --user 10002 --to 10001 --stay < /dev/null | head -1 > /dev/null");
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Ports_are_found_in_the_servers_own_variables()
    {
        await using var server = await ServerProcess.StartAsync();
        Assert.Equal(0, (await CliProcess.ShellAsync(server, "echo hello | sailfish chat --user 10001 --to 10002 && sailfish online --user 10001 > /dev/null")).ExitCode);
        Assert.Equal(1, await UnackedAsync(server, 10002));
        var (exitCode, error) = await CliProcess.ShellAsync(server, "sailfish online --user 10001", ("Sailfish__Http__Port", "web"));
        Assert.Equal((1, "sailfish: the environment's Sailfish__Http__Port is 'web', which is no port\n"), (exitCode, error));
    }

    [Fact]
    public async Task Server_with_TLS_is_spoken_to_and_one_that_is_not_trusted_is_named_as_such()
    {
        using var folder = new TemporaryDirectory();
        using var chain = new CertificateChain();
        var (certificate, key) = chain.WritePem(folder.Path);
        await using var server = await ServerProcess.StartAsync(
            [.. new[] { "Gateway:TcpTls", "Http:Tls" }.SelectMany(port => new[] { $"{port}:CertificateFile={certificate}", $"{port}:KeyFile={key}" })]);
        (string, string) trust = ("SSL_CERT_FILE", chain.WriteRoot(folder.Path));
        var http = $"--server localhost --http https://localhost:{server.HttpPort}";
        Assert.Equal((0, "* online\n"), await CliProcess.ShellAsync(server, $"echo hello | sailfish chat --user 10001 --to 10002 --tls {http}", trust));
        // The server's own variable says so too.
        Assert.Equal((0, "* online\n"), await CliProcess.ShellAsync(
            server, $"echo hello | sailfish chat --user 10001 --to 10002 {http}", trust, ("Sailfish__Gateway__TcpTls__CertificateFile", certificate)));
        Assert.Equal(0, (await CliProcess.ShellAsync(server, $"sailfish send --to 10002 --content hello {http} > /dev/null", trust)).ExitCode);
        foreach (var command in new[] { "online --user 10001", "chat --user 10001 --to 10002 --tls" })
        {
            var (exitCode, error) = await CliProcess.ShellAsync(server, $"sailfish {command} {http}");
            Assert.Equal(1, exitCode);
            Assert.Contains("certificate", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/chat")]
    [InlineData("/chat/")]
    public async Task Server_below_a_path_of_a_proxy_is_found_there(string path)
    {
        await using var server = await ServerProcess.StartAsync("Http:PathBase=/chat", "Http:TrustedProxies:0=127.0.0.1");
        var port = FreePort.Next();
        await using var nginx = await ProxyProcess.StartNginxAsync(server, port);
        Assert.Equal((0, ""), await CliProcess.ShellAsync(
            server, $"sailfish online --user 10001 --http https://localhost:{port}{path} > /dev/null", ("SSL_CERT_FILE", nginx.Root)));
    }

    [Fact]
    public async Task Message_of_another_conversation_is_a_note()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await CliProcess.StartOnlineAsync(server, "chat", "--user", "10001", "--to", "10002");
        await using var send = CliProcess.Start(server, "send", "--to", "10001", "--from", "10003", "--content", "psst");
        Assert.Equal(0, await send.ExitAsync());
        Assert.Matches(@"^\S+ d:10001:10003 1$", Assert.Single(send.Lines));
        await Wait.UntilAsync(() => ann.Notes.Any(note => note.Contains("10003", StringComparison.Ordinal)), "the note");
        Assert.Empty(ann.Lines);
        Assert.DoesNotContain(ann.Notes, note => note.Contains("psst", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("chat", "--to", "10002")]
    [InlineData("room", "--room", "7")]
    public async Task Message_that_is_only_noted_stays_unread_until_it_is_shown(params string[] where)
    {
        await using var server = await ServerProcess.StartAsync();
        foreach (var (from, content) in new[] { ("10002", "one"), ("10003", "two"), ("10003", "three"), ("10002", "four") })
            Assert.Equal(0, (await CliProcess.ShellAsync(server, $"sailfish send --to 10001 --from {from} --content {content}")).ExitCode);
        await using var ann = CliProcess.Start(server, [where[0], "--user", "10001", .. where[1..]]);
        Assert.Equal(0, await ann.EndAsync());
        string[] shown = where[0] == "chat" ? ["10002: one", "10002: four"] : [];
        Assert.Equal(shown, ann.Messages);
        // One note a conversation.
        Assert.Single(ann.Notes, note => note == "* unread: a message from 10003 elsewhere (d:10001:10003)");
        Assert.Equal(4 - shown.Length, await UnackedAsync(server, 10001));
        await using var elsewhere = CliProcess.Start(server, "chat", "--user", "10001", "--to", "10003");
        Assert.Equal(0, await elsewhere.EndAsync());
        Assert.Equal(["10003: two", "10003: three"], elsewhere.Messages);
        Assert.Equal(2 - shown.Length, await UnackedAsync(server, 10001));
    }

    [Fact]
    public async Task Message_to_all_is_shown_for_it_does_not_come_again()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await CliProcess.StartOnlineAsync(server, "chat", "--user", "10001", "--to", "10002");
        await server.Http.PostJsonAsync("/api/v1/messages", """{"bizCode":5555,"data":{"content":"closing soon"},"to":{"all":true}}""");
        await Wait.UntilAsync(() => ann.Notes.Contains("* the system to all: closing soon"), "the note");
    }

    [Fact]
    public async Task Message_of_the_system_is_from_the_system()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await CliProcess.StartOnlineAsync(server, "room", "--user", "10001", "--room", "7");
        await Wait.UntilAsync(() => ann.Notes.Any(note => note.StartsWith("* in room 7", StringComparison.Ordinal)), "ann to be in the room");
        await using var room = CliProcess.Start(server, "send", "--room", "7", "--content", "maintenance");
        Assert.Equal(0, await room.ExitAsync());
        await ann.PrintedAsync(1);
        Assert.Equal(["the system: maintenance"], ann.Messages);
        await using var user = CliProcess.Start(server, "send", "--to", "10001", "--content", "to you");
        Assert.Equal(0, await user.ExitAsync());
        await Wait.UntilAsync(() => ann.Notes.Contains("* unread: a message from the system elsewhere (d:0:10001)"), "the note");
    }

    [Fact]
    public async Task Replaced_chat_says_so_and_fails()
    {
        await using var server = await ServerProcess.StartAsync();
        string[] arguments = ["chat", "--user", "10001", "--to", "10002", "--device", "desk"];
        await using var first = await CliProcess.StartOnlineAsync(server, arguments);
        await using var second = await CliProcess.StartOnlineAsync(server, arguments);
        Assert.Equal(1, await first.ExitAsync());
        Assert.Contains("* closed by the server: replaced", first.Notes);
    }

    [Fact]
    public async Task Online_tells_sessions()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await CliProcess.StartOnlineAsync(server, "chat", "--user", "10001", "--to", "10002", "--device", "desk");
        await using var on = CliProcess.Start(server, "online", "--user", "10001");
        await using var off = CliProcess.Start(server, "online", "--user", "10002");
        Assert.Equal(0, await on.ExitAsync());
        Assert.Equal(0, await off.ExitAsync());
        Assert.Equal("10001 online", on.Lines[0]);
        Assert.Contains(" cli desk since ", on.Lines[1], StringComparison.Ordinal);
        Assert.Equal(["10002 offline"], off.Lines);
    }

    [Fact]
    public async Task Token_says_who_for_how_long_and_nothing_secret()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var cli = CliProcess.Start(server, "token", "--user", "10001", "--name", "Ann", "--device", "desk", "--ttl", "60");
        Assert.Equal(0, await cli.ExitAsync());
        var parts = Assert.Single(cli.Lines).Split('.');
        Assert.Equal(3, parts.Length);
        var claims = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1])).RootElement;
        Assert.Equal("10001", claims.GetProperty("sub").GetString());
        Assert.Equal(server.AppId, claims.GetProperty("app").GetInt64());
        Assert.Equal(60, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        Assert.Equal(7, Guid.Parse(claims.GetProperty("jti").GetString()!).Version);
        Assert.Equal(("Ann", "desk"), (claims.GetProperty("name").GetString(), claims.GetProperty("device").GetString()));
        Assert.DoesNotContain(server.TokenSecret, Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suspend_password_and_unsuspend_do_what_they_say()
    {
        await using var server = await ServerProcess.StartAsync();
        using var account = await PageClient.SignUpAsync(server);
        await using var online = await account.ConnectAsync();
        var user = $"{account.UserId}";
        await using var suspend = CliProcess.Start(server, "suspend", "--user", user, "--seconds", "3600", "--reason", "spam");
        Assert.Equal(0, await suspend.ExitAsync());
        Assert.Equal([$"{user} suspended, 1 connections closed"], suspend.Lines);
        Assert.Equal(403, (await account.LogInAsync()).Code);
        await using var password = CliProcess.Start(server, "password", "--user", user);
        await password.TypeAsync("a brand new password");
        Assert.Equal(0, await password.EndAsync());
        await using var unsuspend = CliProcess.Start(server, "unsuspend", "--user", user);
        Assert.Equal(0, await unsuspend.ExitAsync());
        Assert.Equal((401, 200), ((await account.LogInAsync()).Code, (await account.LogInAsync("a brand new password")).Code));
        await using var common = CliProcess.Start(server, "password", "--user", user, "--password", "password123");
        await using var nobody = CliProcess.Start(server, "password", "--user", "10001", "--password", "a brand new password");
        Assert.Equal((1, 1), (await common.ExitAsync(), await nobody.ExitAsync()));
    }

    [Fact]
    public async Task Token_for_an_account_is_made_when_it_is_meant_and_rooms_are_claims()
    {
        await using var server = await ServerProcess.StartAsync();
        using var account = await PageClient.SignUpAsync(server);
        var user = $"{account.UserId}";
        await using var refused = CliProcess.Start(server, "token", "--user", user);
        await using var meant = CliProcess.Start(server, "token", "--user", user, "--account", "--room", "777", "--room", "778");
        await using var own = CliProcess.Start(server, "token", "--user", $"{account.UserId + 1}");
        await using var nobodys = CliProcess.Start(server, "token", "--user", $"{account.UserId + 2}", "--account");
        Assert.Equal((1, 0, 0, 1), (await refused.ExitAsync(), await meant.ExitAsync(), await own.ExitAsync(), await nobodys.ExitAsync()));
        Assert.Contains("account", Assert.Single(refused.Notes), StringComparison.Ordinal);
        Assert.Empty(refused.Lines);
        var claims = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(meant.Lines[0].Split('.')[1])).RootElement;
        Assert.Equal("[777,778]", claims.GetProperty("rooms").GetRawText());
        // What was made for the app's own user is known to the server.
        using var next = await PageClient.SignUpAsync(server);
        Assert.NotEqual(account.UserId + 1, next.UserId);
    }

    [Theory]
    [InlineData("token --user 10001 --room 0")]
    [InlineData("suspend --user 10001 --seconds 0")]
    [InlineData("token --user 10001 --room x")]
    [InlineData("chat --user 10001")]
    [InlineData("chat --user 12 --to 10002")]
    [InlineData("chat --user 10001 --to 10001")]
    [InlineData("room --user 10001 --room 7 --history 101")]
    [InlineData("send --content x")]
    [InlineData("send --to 10001 --room 7 --content x")]
    [InlineData("token --user 10001 --ttl 0")]
    [InlineData("sing")]
    public async Task Wrong_usage_exits_with_2_and_says_why(string arguments)
    {
        await using var cli = CliProcess.Start(arguments.Split(' '));
        Assert.Equal(2, await cli.ExitAsync());
        Assert.StartsWith("sailfish: ", cli.Notes[0], StringComparison.Ordinal);
        Assert.Empty(cli.Lines);
    }

    [Theory]
    [InlineData("chat --user 10001 --to 10002 --tcp-port 1")]
    [InlineData("online --user 10001 --http http://127.0.0.1:1")]
    [InlineData("send --to 10001 --content x --http http://127.0.0.1:1")]
    [InlineData("token --user 10001 --app 4711")]
    public async Task Failure_exits_with_1_and_one_line(string arguments)
    {
        using var dataDir = new TemporaryDirectory();
        var secret = new string('s', 43);
        WriteSecrets(dataDir.Path, 10001, secret);
        await using var cli = CliProcess.Start([.. arguments.Split(' '), "--data-dir", dataDir.Path]);
        Assert.Equal(1, await cli.ExitAsync());
        Assert.StartsWith("sailfish: ", Assert.Single(cli.Notes), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, cli.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_found_by_option_variable_and_folder_in_that_order()
    {
        using var root = new TemporaryDirectory();
        string Folder(string name) => Directory.CreateDirectory(Path.Combine(root.Path, name)).FullName;
        WriteSecrets(Folder("data"), 1, new string('1', 32));
        WriteSecrets(Folder("variable"), 2, new string('2', 32));
        WriteSecrets(Folder("option"), 3, new string('3', 32));
        var deep = Folder("src/deep");
        var variable = Path.Combine(root.Path, "variable");
        Assert.Equal(1, await AppOfTokenAsync(deep, null));
        Assert.Equal(2, await AppOfTokenAsync(deep, variable));
        Assert.Equal(3, await AppOfTokenAsync(deep, variable, "--data-dir", Path.Combine(root.Path, "option")));

        // The root of a repository ends the search.
        Folder("src/.git");
        await using var lost = CliProcess.StartIn(deep, null, "token", "--user", "10001");
        Assert.Equal(1, await lost.ExitAsync());
        Assert.Contains("--data-dir", Assert.Single(lost.Notes), StringComparison.Ordinal);
    }

    private static async Task<long> AppOfTokenAsync(string folder, string? variable, params string[] arguments)
    {
        await using var cli = CliProcess.StartIn(folder, variable, ["token", "--user", "10001", .. arguments]);
        Assert.Equal(0, await cli.ExitAsync());
        var claims = System.Buffers.Text.Base64Url.DecodeFromChars(cli.Lines[0].Split('.')[1]);
        return JsonDocument.Parse(claims).RootElement.GetProperty("app").GetInt64();
    }

    private static void WriteSecrets(string folder, long appId, string secret)
    {
        var secrets = new { apps = new[] { new { appId, name = "default", tokenSecret = secret, apiKey = secret } } };
        File.WriteAllText(Path.Combine(folder, "secrets.json"), JsonSerializer.Serialize(secrets));
    }

    private static async Task<long> UnackedAsync(ServerProcess server, long user)
    {
        using var answer = JsonDocument.Parse(await server.Http.GetStringAsync($"api/v1/users/{user}/unacked"));
        return answer.RootElement.EnumerateObject().Sum(conversation => conversation.Value.GetInt64());
    }
}
