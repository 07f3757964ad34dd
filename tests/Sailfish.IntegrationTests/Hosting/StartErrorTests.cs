using System.Net;
using System.Net.Sockets;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Hosting;

public sealed class StartErrorTests
{
    [Theory]
    [InlineData("Sailfish:Gateway:HeartbeatSecond", "Gateway:HeartbeatSecond=7")]
    [InlineData("Sailfish:Gatway", "Gatway:HeartbeatSeconds=7")]
    [InlineData("Sailfish:Http:Tls:File", "Http:Tls:File=x")]
    [InlineData("Sailfish:Gateway:HeartbeatSeconds", "Gateway:HeartbeatSeconds=often")]
    [InlineData("Sailfish:Gateway:HeartbeatSeconds", "Gateway:HeartbeatSeconds=0")]
    [InlineData("Sailfish:Limits:MessagesBurst", "Limits:MessagesBurst=0", "Telemetry:IntervalSeconds=0")]
    [InlineData("Sailfish:Limits:SyncsBurst", "Limits:SyncsBurst=0")]
    [InlineData("Sailfish:Limits:JoinsPerSecond", "Limits:JoinsPerSecond=-1")]
    [InlineData("Sailfish:Content:Action", "Content:Action=burn")]
    [InlineData("Sailfish:Content:WordFile", "Content:WordFile=/nowhere/words.txt")]
    [InlineData("Sailfish:Bind", "Bind=example.org")]
    [InlineData("Sailfish:Bind", "Bind=192.0.2.1")]
    [InlineData("Sailfish:Http:TrustedProxies: 'everybody'", "Http:TrustedProxies:0=10.0.0.0/8", "Http:TrustedProxies:1=everybody")]
    [InlineData("Sailfish:Http:TrustedProxies: '10.0.0.0/33'", "Http:TrustedProxies:0=10.0.0.0/33")]
    [InlineData("Sailfish:Http:PathBase", "Http:PathBase=chat")]
    [InlineData("Sailfish:Http:PathBase", "Http:PathBase=/a b")]
    [InlineData("Sailfish:Accounts:CookieSecure", "Accounts:CookieSecure=perhaps")]
    [InlineData("Sailfish:DataDir", "DataDir=/dev/null/data")]
    [InlineData("Sailfish:Telemetry:OtlpEndpoint", "Telemetry:OtlpEndpoint=ftp://collector")]
    [InlineData("Sailfish:Http:Tls", "Http:Tls:CertificateFile=/nowhere/cert.pfx")]
    [InlineData("Sailfish:Gateway:TcpTls", "Gateway:TcpTls:CertificateFile=/nowhere/cert.pem", "Gateway:TcpTls:KeyFile=/nowhere/key.pem")]
    [InlineData("Sailfish:Gateway:WebSocketTls:CertificateFile", "Gateway:WebSocketTls:KeyFile=/nowhere/key.pem")]
    [InlineData("Sailfish:Apps:0:TokenSecret", "Apps:0:AppId=1", "Apps:0:TokenSecret=too-short", "Apps:0:ApiKey=" + StartErrors.GoodSecret)]
    [InlineData("Sailfish:Apps:0:ApiKey", "Apps:0:AppId=1", "Apps:0:TokenSecret=" + StartErrors.GoodSecret, "Apps:0:ApiKey=too-short")]
    [InlineData("Sailfish:Apps:0:AppId", "Apps:0:TokenSecret=" + StartErrors.GoodSecret, "Apps:0:ApiKey=" + StartErrors.GoodSecret)]
    [InlineData("Sailfish:Apps: two apps have the same AppId", "Apps:0:AppId=1", "Apps:0:TokenSecret=" + StartErrors.GoodSecret, "Apps:0:ApiKey=" + StartErrors.GoodSecret, "Apps:1:AppId=1", "Apps:1:TokenSecret=" + StartErrors.GoodSecret, "Apps:1:ApiKey=x" + StartErrors.GoodSecret)]
    [InlineData("Sailfish:Apps: two apps have the same ApiKey", "Apps:0:AppId=1", "Apps:0:TokenSecret=" + StartErrors.GoodSecret, "Apps:0:ApiKey=" + StartErrors.GoodSecret, "Apps:1:AppId=2", "Apps:1:TokenSecret=" + StartErrors.GoodSecret, "Apps:1:ApiKey=" + StartErrors.GoodSecret)]
    public async Task A_bad_setting_stops_the_start_with_one_line_that_names_it(string named, params string[] settings) =>
        StartErrors.AssertOneLine(await ServerProcess.RunToExitAsync(settings), named);

    [Theory]
    [InlineData("Http:Port")]
    [InlineData("Gateway:TcpPort")]
    [InlineData("Media:RtmpPort")]
    public async Task A_port_in_use_stops_the_start(string setting)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var result = await ServerProcess.RunToExitAsync($"{setting}={port}");
        StartErrors.AssertOneLine(result, $"Sailfish:{setting}");
        Assert.Contains($":{port}", result.Output);
    }
}
