using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>Somebody in front of the page, who finds things by what they are called.</summary>
public sealed class PagePerson : IAsyncDisposable
{
    private const float Limit = 20_000;
    private readonly IBrowserContext _context;
    private readonly List<string> _faults = [];

    private PagePerson(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.PageError += (_, error) => _faults.Add(error);
    }

    public IPage Page { get; }

    /// <summary>Exceptions that nobody caught in the page.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public ILocator Chat => Page.GetByRole(AriaRole.Log);

    public static async Task<PagePerson> OpenAsync(BrowserFixture browser, ServerProcess server, bool isOnPhone = false, bool isDark = false)
    {
        var context = await browser.Chromium.NewContextAsync(new BrowserNewContextOptions
        {
            Locale = "en-US",
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = isOnPhone ? new ViewportSize { Width = 390, Height = 844 } : new ViewportSize { Width = 1280, Height = 800 },
        });
        context.SetDefaultTimeout(Limit);
        var person = new PagePerson(context, await context.NewPageAsync());
        await person.Page.GotoAsync($"http://127.0.0.1:{server.HttpPort}/");
        return person;
    }

    public async Task SignUpAsync(string name)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign up", Exact = true }).First.ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await dialog.GetByLabel("Password", new() { Exact = true }).FillAsync("correct horse");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Sign up", Exact = true }).Last.ClickAsync();
        await Assertions.Expect(dialog).ToBeHiddenAsync(new() { Timeout = Limit });
    }

    public async Task EnterRoomOfAsync(string anchor)
    {
        await Page.GetByRole(AriaRole.Link, new() { NameRegex = new(anchor) }).First.ClickAsync();
        await ConnectedAsync();
    }

    public Task ConnectedAsync() => Assertions.Expect(Page.GetByText("Connected", new() { Exact = true }).First).ToBeVisibleAsync(new() { Timeout = Limit });

    public async Task SayAsync(string content)
    {
        await Page.GetByLabel("Message", new() { Exact = true }).FillAsync(content);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
    }

    /// <summary>Waits until the chat shows this text, and checks that it does so once.</summary>
    public Task SeesOnceAsync(string content) => Assertions.Expect(Chat.GetByText(content, new() { Exact = true })).ToHaveCountAsync(1, new() { Timeout = Limit });

    public Task SeesAsync(string text) => Assertions.Expect(Page.GetByText(text).First).ToBeVisibleAsync(new() { Timeout = Limit });

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
