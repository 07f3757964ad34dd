using Microsoft.Playwright;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>One headless Chromium for all browser tests; each test has contexts of its own.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private IPlaywright? _playwright;

    public IBrowser Chromium { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var program = Array.Find(Programs, File.Exists)
            ?? throw new InvalidOperationException("Chromium is not installed; ./test installs it on Debian.");
        // Only a broken page reaches it.
        Assertions.SetDefaultExpectTimeout((float)Wait.Limit.TotalMilliseconds);
        _playwright = await Playwright.CreateAsync();
        Chromium = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            // As root in a container there is no sandbox; the others keep the browser from calling out by itself, or give it
            // cameras and microphones that need nobody to allow them; the second camera is one for depth, which no encoder takes.
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--use-fake-device-for-media-stream=device-count=3", "--use-fake-ui-for-media-stream",
            ],
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Chromium.DisposeAsync();
        _playwright?.Dispose();
    }
}
