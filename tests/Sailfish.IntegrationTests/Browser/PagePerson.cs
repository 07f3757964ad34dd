using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>What somebody looks at the page with.</summary>
public sealed record Screen(bool IsPhone = false, bool IsDark = false, bool IsStill = false, string Locale = "en-US", string? Agent = null)
{
    public override string ToString() => $"{(IsPhone ? "phone" : "desktop")}-{(IsDark ? "dark" : "light")}";
}

/// <summary>Somebody in front of the page, who finds things by what they are called.</summary>
public sealed class PagePerson : IAsyncDisposable
{
    public const string Password = "correct horse";
    private readonly IBrowserContext _context;
    private readonly ServerProcess _server;
    private readonly string? _root;
    private readonly List<string> _faults = [];

    private PagePerson(IBrowserContext context, IPage page, ServerProcess server, string? root)
    {
        _root = root;
        _context = context;
        _server = server;
        Page = page;
        page.PageError += (_, error) => _faults.Add(error);
        page.Console += (_, message) => NoteConsole(message);
    }

    public IPage Page { get; }

    public IBrowserContext Context => _context;

    /// <summary>Exceptions that nobody caught in the page, and what else the browser finds wrong with it.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public ILocator Chat => Page.GetByRole(AriaRole.Log);

    /// <summary>What is said, in the order of the chat.</summary>
    public ILocator Said => Chat.Locator(".text");

    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    public static Task<PagePerson> OpenAsync(BrowserFixture browser, ServerProcess server, bool isOnPhone = false, bool isDark = false) =>
        OpenAsync(browser, server, new Screen(isOnPhone, isDark));

    /// <param name="browser">Where.</param>
    /// <param name="server">Whose page.</param>
    /// <param name="screen">With what.</param>
    /// <param name="root">Where the page is, when not on the server's own web port; any certificate is taken.</param>
    public static async Task<PagePerson> OpenAsync(BrowserFixture browser, ServerProcess server, Screen screen, string? root = null)
    {
        var context = await browser.Chromium.NewContextAsync(new BrowserNewContextOptions
        {
            Locale = screen.Locale,
            UserAgent = screen.Agent,
            IgnoreHTTPSErrors = true,
            ColorScheme = screen.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = screen.IsStill ? ReducedMotion.Reduce : ReducedMotion.NoPreference,
            IsMobile = screen.IsPhone,
            HasTouch = screen.IsPhone,
            DeviceScaleFactor = screen.IsPhone ? 1.5f : 1,
            ViewportSize = screen.IsPhone ? new ViewportSize { Width = 390, Height = 844 } : new ViewportSize { Width = 1280, Height = 800 },
        });
        context.SetDefaultTimeout((float)Wait.Limit.TotalMilliseconds);
        var person = new PagePerson(context, await context.NewPageAsync(), server, root);
        await person.GoToAsync("#/");
        return person;
    }

    /// <summary>The page of somebody who is signed in already.</summary>
    internal static async Task<PagePerson> OpenAsync(BrowserFixture browser, PageClient client, Screen? screen = null, string fragment = "#/")
    {
        var person = await OpenAsync(browser, client.Server, screen ?? new Screen());
        await person.BringCookiesAsync(client);
        await person.GoToAsync(fragment);
        await person.Page.ReloadAsync();
        return person;
    }

    /// <summary>The browser has the cookies from now on that the client has.</summary>
    internal Task BringCookiesAsync(PageClient client) => _context.AddCookiesAsync(
        client.Cookies.GetCookies(new Uri(Root)).Select(cookie => new Cookie { Name = cookie.Name, Value = cookie.Value, Url = Root }));

    /// <summary>The same browser, another tab.</summary>
    public async Task<PagePerson> OpenTabAsync(string fragment = "#/")
    {
        var tab = new PagePerson(_context, await _context.NewPageAsync(), _server, _root);
        await tab.GoToAsync(fragment);
        return tab;
    }

    /// <summary>What the page calls from now on.</summary>
    public Task<PageCalls> CallsAsync() => PageCalls.OfAsync(Page);

    public Task GoToAsync(string fragment) => Page.GotoAsync($"{Root}/{fragment}");

    public Task SignUpAsync(string name) => EnterAsync("Sign up", name, Password);

    public Task SignInAsync(string name, string password = Password) => EnterAsync("Sign in", name, password);

    /// <summary>Fills in the dialog that is open and sends it.</summary>
    public async Task AnswerDialogAsync(string how, string name, string password)
    {
        await Dialog.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await Dialog.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await Dialog.GetByRole(AriaRole.Button, new() { Name = how, Exact = true }).Last.ClickAsync();
    }

    /// <summary>What the browser keeps for the page, and a script can read.</summary>
    public Task<string> StorageAsync() => Page.EvaluateAsync<string>("() => JSON.stringify({ ...localStorage })");

    public async Task EnterRoomOfAsync(string anchor)
    {
        await Page.GetByRole(AriaRole.Link, new() { NameRegex = new(anchor) }).First.ClickAsync();
        await ConnectedAsync();
    }

    /// <summary>A page that was refused for some time tries again after half a minute at the latest.</summary>
    public Task ConnectedAsync() =>
        Assertions.Expect(Page.GetByText("Connected", new() { Exact = true }).First).ToBeVisibleAsync(new() { Timeout = 40_000 });

    public async Task SayAsync(string content)
    {
        await Page.GetByLabel("Message", new() { Exact = true }).FillAsync(content);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
    }

    /// <summary>Opens the conversation with somebody who is signed in elsewhere, and writes.</summary>
    public async Task WriteToAsync(PagePerson other, string content)
    {
        await GoToAsync($"#/messages/{await other.UserIdAsync()}");
        await SayAsync(content);
        await Assertions.Expect(Chat.GetByText("Sent", new() { Exact = true })).ToHaveCountAsync(1);
    }

    private Task<long> UserIdAsync() => Page.EvaluateAsync<long>(
        "fetch(new URL('home/initPage', document.baseURI), { method: 'POST' }).then(answer => answer.json()).then(answer => answer.data.userId)");

    /// <summary>Waits until the chat shows this text, and checks that it does so once.</summary>
    public Task SeesOnceAsync(string content) => Assertions.Expect(Chat.GetByText(content, new() { Exact = true })).ToHaveCountAsync(1);

    public Task SeesAsync(string text) => Assertions.Expect(Page.GetByText(text).First).ToBeVisibleAsync();

    /// <summary>Waits until this text is nowhere.</summary>
    public Task SeesNoMoreAsync(string text) => Assertions.Expect(Page.GetByText(text)).ToHaveCountAsync(0);

    public Task PressAsync(string button) => ButtonOf(button).ClickAsync();

    public ILocator ButtonOf(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).Last;

    public ILocator LinkOf(string name) => Page.GetByRole(AriaRole.Link, new() { NameRegex = new($"^{name}") }).First;

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private string Root => _root ?? $"http://127.0.0.1:{_server.HttpPort}";

    /// <summary>That a call was refused, or the server away, is told there too, and is no fault.</summary>
    private void NoteConsole(IConsoleMessage message)
    {
        if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)
            && !message.Text.StartsWith("WebSocket connection to", StringComparison.Ordinal))
            _faults.Add(message.Text);
    }

    private async Task EnterAsync(string how, string name, string password)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = how, Exact = true }).First.ClickAsync();
        await AnswerDialogAsync(how, name, password);
        await Assertions.Expect(Dialog).ToBeHiddenAsync();
    }
}
