using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Page;

/// <summary>Serves the built page: hashed files for ever, the page itself always fresh, and nothing but our own scripts.</summary>
internal static class PageFiles
{
    private const string Index = "index.html";

    /// <summary>Scripts, styles and connections, WebSockets among them, from and to here only; pictures also from uploads.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void UsePageFiles(this WebApplication app)
    {
        var folder = Folder(app.Services.GetRequiredService<IOptions<HttpOptions>>().Value);
        if (!File.Exists(Path.Combine(folder, Index)))
        {
            app.MapGet("/", () => Results.Content(NotBuilt, "text/html; charset=utf-8")).ExcludeFromDescription();
            return;
        }

        var files = new PhysicalFileProvider(folder);
        app.UseWhen(context => IsFile(context.Request), branch =>
        {
            branch.UseResponseCompression();
            branch.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
            branch.UseStaticFiles(new StaticFileOptions { FileProvider = files, OnPrepareResponse = Prepare });
        });
    }

    private static string Folder(HttpOptions options) =>
        Path.GetFullPath(options.PageDir ?? Path.Combine(AppContext.BaseDirectory, "page"));

    private static bool IsFile(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static void Prepare(StaticFileResponseContext file)
    {
        var headers = file.Context.Response.Headers;
        // Vite puts a hash of the content into these names.
        headers.CacheControl = file.Context.Request.Path.StartsWithSegments("/assets") ? "public, max-age=31536000, immutable" : "no-cache";
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers["Referrer-Policy"] = "same-origin";
        // An anchor shows what the camera, the microphone and the screen give.
        headers["Permissions-Policy"] = "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    private const string NotBuilt = """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Sailfish</title>
        <body><h1>Sailfish is running</h1><p>The page is not built. With Node 20 or newer installed, build the server again:</p>
        <pre>dotnet run -c Release --project src/Sailfish.Server</pre>
        <p>or build the page by hand and start the server again:</p><pre>cd web &amp;&amp; npm ci &amp;&amp; npm run build</pre></body></html>
        """;
}
