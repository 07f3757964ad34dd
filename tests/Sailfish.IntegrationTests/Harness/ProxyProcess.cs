using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>A real nginx or HAProxy in front of a server, with a configuration made for the test.</summary>
public sealed class ProxyProcess : IAsyncDisposable
{
    private readonly TemporaryDirectory _folder;
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private ProxyProcess(TemporaryDirectory folder, Process process)
    {
        _folder = folder;
        _process = process;
    }

    /// <summary>The root of nginx's certificate.</summary>
    public string Root { get; private set; } = "";

    /// <summary>nginx with TLS outside and HTTP/1.1 without TLS inside, showing the server below <c>/chat/</c>.</summary>
    /// <param name="server">Behind it.</param>
    /// <param name="port">Its own port.</param>
    /// <param name="target">What follows the server's address: <c>/</c> has it cut the path off.</param>
    public static async Task<ProxyProcess> StartNginxAsync(ServerProcess server, int port, string target = "")
    {
        var folder = new TemporaryDirectory();
        using var chain = new CertificateChain();
        var (certificate, key) = chain.WritePem(folder.Path);
        var root = chain.WriteRoot(folder.Path);
        var nginx = await StartAsync(folder, "nginx", ["-p", folder.Path, "-c", "proxy.conf", "-g", "daemon off;"], [port], $$"""
            user root;
            worker_processes 1;
            pid nginx.pid;
            error_log stderr warn;
            events { worker_connections 512; }
            http {
                access_log off;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                map $http_upgrade $connection_upgrade { default upgrade; '' close; }
                server {
                    listen 127.0.0.1:{{port}} ssl http2;
                    ssl_certificate {{certificate}};
                    ssl_certificate_key {{key}};
                    location /chat/ {
                        proxy_pass http://127.0.0.1:{{server.HttpPort}}{{target}};
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                        proxy_set_header X-Forwarded-Proto $scheme;
                        proxy_set_header X-Forwarded-Host $http_host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection $connection_upgrade;
                    }
                }
            }
            """);
        nginx.Root = root;
        return nginx;
    }

    /// <summary>HAProxy before ports, in the order given: each with its own port, the server's, and how it sends the header.</summary>
    public static async Task<ProxyProcess> StartHaProxyAsync(params (int Port, int Target, string Send)[] ports)
    {
        var folder = new TemporaryDirectory();
        var listens = ports.Select((port, i) => $"""
            listen port{i}
                bind 127.0.0.1:{port.Port}
                server one 127.0.0.1:{port.Target} {port.Send}

            """);
        return await StartAsync(folder, "haproxy", ["-db", "-f", Path.Combine(folder.Path, "proxy.conf")], [.. ports.Select(port => port.Port)], $"""
            global
                maxconn 200
            defaults
                mode tcp
                timeout connect 10s
                timeout client 120s
                timeout server 120s
            {string.Concat(listens)}

            """);
    }

    /// <summary>HAProxy before the TCP ports of all nodes: to those that are ready, the one with the fewest connections first.</summary>
    public static async Task<ProxyProcess> StartHaProxyAsync(int port, IReadOnlyList<ServerProcess> nodes)
    {
        var folder = new TemporaryDirectory();
        var servers = nodes.Select((node, i) => $"""
                server node{i} 127.0.0.1:{node.TcpPort} check port {node.HttpPort}

            """);
        return await StartAsync(folder, "haproxy", ["-db", "-f", Path.Combine(folder.Path, "proxy.conf")], [port], $"""
            global
                maxconn 1000
            defaults
                mode tcp
                retries 3
                option redispatch
                timeout connect 1s
                timeout client 120s
                timeout server 120s
            listen nodes
                bind 127.0.0.1:{port}
                balance leastconn
                option httpchk
                http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host localhost
                default-server inter 200ms fall 2 rise 1 on-marked-down shutdown-sessions send-proxy-v2
            {string.Concat(servers)}

            """);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private static async Task<ProxyProcess> StartAsync(TemporaryDirectory folder, string name, string[] arguments, int[] ports, string configuration)
    {
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "proxy.conf"), configuration);
        var path = new[] { "/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin" }.Select(at => Path.Combine(at, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"{name} is not installed; ./test installs it on Debian.");
        var process = new Process { StartInfo = new ProcessStartInfo(path, arguments) { RedirectStandardError = true, RedirectStandardOutput = true } };
        var proxy = new ProxyProcess(folder, process);
        process.ErrorDataReceived += (_, line) => proxy.Note(line.Data);
        process.OutputDataReceived += (_, line) => proxy.Note(line.Data);
        process.Start();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        foreach (var port in ports)
            await Wait.UntilAsync(() => process.HasExited || IsListening(port), Wait.Limit, () => $"{name} to listen; it said: {proxy.Said}");
        return process.HasExited ? throw new InvalidOperationException($"{name} did not start: {proxy.Said}") : proxy;
    }

    private static bool IsListening(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    private void Note(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
    }
}
