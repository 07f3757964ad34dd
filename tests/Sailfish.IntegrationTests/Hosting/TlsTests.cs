using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Hosting;

public sealed class TlsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_with_its_chain_is_sent_with_all_of_it_on_each_port(bool isPkcs12)
    {
        using var folder = new TemporaryDirectory();
        using var chain = new CertificateChain();
        var (certificate, key) = chain.WritePem(folder.Path);
        string[] files = isPkcs12 ? [$"CertificateFile={chain.WritePkcs12(folder.Path, "secret")}", "Password=secret"] : [$"CertificateFile={certificate}", $"KeyFile={key}"];
        await using var server = await ServerProcess.StartAsync(
            [.. new[] { "Gateway:TcpTls", "Gateway:WebSocketTls", "Http:Tls" }.SelectMany(port => files.Select(file => $"{port}:{file}"))]);

        foreach (var port in new[] { server.TcpPort, server.WebSocketPort, server.HttpPort })
        {
            using var socket = new TcpClient("127.0.0.1", port);
            await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, sent, sentChain, _) =>
            {
                using var its = X509CertificateLoader.LoadCertificate(sent!.GetRawCertData());
                return chain.IsTrusted(its, sentChain!);
            });
            await tls.AuthenticateAsClientAsync("localhost").WaitAsync(Wait.Limit);
            Assert.True(tls.IsAuthenticated);
        }
    }

    [Theory]
    [InlineData("Gateway:TcpTls")]
    [InlineData("Gateway:WebSocketTls")]
    [InlineData("Http:Tls")]
    [InlineData("Media:RtmpTls")]
    public async Task A_PEM_certificate_without_its_key_stops_the_start_with_the_name_of_what_is_missing(string port)
    {
        using var folder = new TemporaryDirectory();
        using var chain = new CertificateChain();
        var (certificate, _) = chain.WritePem(folder.Path);
        StartErrors.AssertOneLine(await ServerProcess.RunToExitAsync(folder.Path, [$"{port}:CertificateFile={certificate}"]), $"Sailfish:{port}:KeyFile is missing");
    }

    [Fact]
    public async Task Each_port_speaks_TLS_with_the_configured_certificate()
    {
        using var folder = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(TestCertificate.Settings(folder.Path));

        await using var tcp = await RawSocket.ConnectAsync(server.TcpPort, tls: true);
        await tcp.SendFrameAsync(Code.Login, RawWebSocket.LoginBody(server, 10001));
        await tcp.ReadFrameAsync(Code.Login);
        await tcp.SendFrameAsync(Code.Join, new JsonObject { ["roomId"] = 1 });
        await tcp.ReadFrameAsync(Code.Join);

        foreach (var port in new[] { server.WebSocketPort, server.HttpPort })
        {
            await using var webSocket = await RawWebSocket.OpenAsync(port, tls: true);
            await webSocket.LogInAsync(server, 10002);
            await webSocket.SendAsync(RawWebSocket.Text, RawWebSocket.Json(Code.Join, new JsonObject { ["roomId"] = 1 }));
            Assert.Equal(Code.Join, (await webSocket.ReadJsonAsync()).Code);
            var chat = TestClient.Chat(new JsonObject { ["content"] = $"by {port}", ["roomId"] = 1 });
            await webSocket.SendAsync(RawWebSocket.Text, RawWebSocket.Json(Code.Message, chat));
            Assert.Equal($"by {port}", (await tcp.ReadFrameAsync(Code.Message)).Data["content"]!.GetValue<string>());

            // The server's close reaches the client through TLS as well.
            await webSocket.SendAsync(RawWebSocket.Text, RawWebSocket.Json(Code.Logout));
            Assert.Equal(1000, await webSocket.CloseCodeAsync());
        }

        await using var legacy = await RawWebSocket.OpenAsync(server.WebSocketPort, $"/{TestTokens.Mint(server, 10003)}/10003", protocol: null, tls: true);
        Assert.Contains("\"code\":1001", (await legacy.ReadAsync())!.Text);

        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost" };
        using var http = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20 };
        using var answer = await http.GetAsync(new Uri($"https://127.0.0.1:{server.HttpPort}/healthz"));
        // Not 2.0, where browsers would open their WebSockets within it.
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version11), (answer.StatusCode, answer.Version));

        // Plain bytes on a TLS port are refused and harm nobody.
        await using var plain = await RawSocket.ConnectAsync(server.TcpPort);
        await plain.SendFrameAsync(Code.Login, RawWebSocket.LoginBody(server, 10004));
        await plain.ReadToEndAsync();
        await tcp.SendFrameAsync(Code.Heartbeat, []);
        await tcp.ReadFrameAsync(Code.Heartbeat);
    }
}
