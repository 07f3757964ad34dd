using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;
using Sailfish.IntegrationTests.Page;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>The password and the sessions on one's own page, and what sign-up says at its fields, whatever the server answers.</summary>
public sealed class OwnAccountTests(BrowserFixture browser, BrowserServer shared) : IClassFixture<BrowserFixture>, IClassFixture<BrowserServer>
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private const string Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

    private ServerProcess Server => shared.Server;

    [Fact]
    public async Task What_a_sign_up_lacks_Is_said_at_the_field()
    {
        await using var visitor = await PagePerson.OpenAsync(browser, Server);
        var asked = 0;
        await visitor.Page.RouteAsync("**/account/register", route => AnswerAsync(route, ++asked switch
        {
            1 => Envelope(400, "The password is too common."),
            2 => Envelope(501, "The name is taken."),
            _ => Envelope(429, "Too often."),
        }, retryAfter: "60"));
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign up", Exact = true }).First.ClickAsync();
        var name = visitor.Dialog.GetByLabel("Name", new() { Exact = true });
        var password = visitor.Dialog.GetByLabel("Password", new() { Exact = true });
        await name.FillAsync("somebody");
        await password.FillAsync("7 chars");
        await visitor.PressAsync("Sign up");
        await Assertions.Expect(password).ToHaveAccessibleDescriptionAsync("A password has at least 8 characters.");
        Assert.Equal(0, asked);
        await password.FillAsync("password1");
        await visitor.PressAsync("Sign up");
        await Assertions.Expect(password).ToHaveAccessibleDescriptionAsync("This password is too common, or does not fit the rules. Choose another.");
        await password.FillAsync(PagePerson.Password);
        await visitor.PressAsync("Sign up");
        await Assertions.Expect(name).ToHaveAccessibleDescriptionAsync("The name is taken, or nobody may sign up here.");
        await visitor.PressAsync("Sign up");
        await visitor.SeesAsync("Too often. Try again in 1 min.");
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task Who_is_suspended_Reads_that_when_signing_in()
    {
        await using var visitor = await PagePerson.OpenAsync(browser, Server);
        await visitor.Page.RouteAsync("**/account/login", route => AnswerAsync(route, Envelope(403, "Suspended.")));
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).First.ClickAsync();
        await visitor.Dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("somebody");
        await visitor.Dialog.GetByLabel("Password", new() { Exact = true }).FillAsync("old");
        await visitor.PressAsync("Sign in");
        await visitor.SeesAsync("This account is suspended.");
    }

    [Fact]
    public async Task A_password_Is_changed_and_what_is_wrong_with_it_said_at_the_field()
    {
        using var client = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, client);
        List<string?> bodies = [];
        await AnswerSessionsAsync(person, () => [Current()]);
        await person.Page.RouteAsync("**/account/password", route =>
        {
            bodies.Add(route.Request.PostData);
            return AnswerAsync(route, bodies.Count switch
            {
                1 => Envelope(403, "That is not the password."),
                2 => Envelope(400, "The password is too common."),
                _ => Envelope(200, "success"),
            });
        });
        await person.GoToAsync("#/me");
        var old = person.Page.GetByLabel("Current password");
        var next = person.Page.GetByLabel("New password");
        await old.FillAsync("wrong one");
        await next.FillAsync("short");
        await person.PressAsync("Change the password");
        await Assertions.Expect(next).ToHaveAccessibleDescriptionAsync("A password has at least 8 characters.");
        await next.FillAsync("long enough");
        await person.PressAsync("Change the password");
        await Assertions.Expect(old).ToHaveAccessibleDescriptionAsync("That is not your current password.");
        await old.FillAsync(PagePerson.Password);
        await person.PressAsync("Change the password");
        await Assertions.Expect(next).ToHaveAccessibleDescriptionAsync("This password is too common, or does not fit the rules. Choose another.");
        await person.PressAsync("Change the password");
        await person.SeesAsync("The password is changed. All other browsers were signed out.");
        await Assertions.Expect(old).ToHaveValueAsync("");
        Assert.Equal((PagePerson.Password, "long enough"), (JsonNode.Parse(bodies[^1]!)!["old"]!.GetValue<string>(), JsonNode.Parse(bodies[^1]!)!["new"]!.GetValue<string>()));
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task Sessions_Are_listed_and_ended()
    {
        using var client = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, client);
        List<JsonObject> sessions = [Session("s2", Phone, "2001:db8::7"), Current(), Session("s3", "curl/8", "192.0.2.9")];
        await AnswerSessionsAsync(person, () => sessions);
        await person.Page.RouteAsync("**/account/endSession", route =>
        {
            sessions.RemoveAll(session => session["id"]!.GetValue<string>() == JsonNode.Parse(route.Request.PostData!)!["id"]!.GetValue<string>());
            return AnswerAsync(route, Envelope(200, "success"));
        });
        await person.GoToAsync("#/me");
        var list = person.Page.GetByRole(AriaRole.Region, new() { Name = "Where you are signed in" }).GetByRole(AriaRole.Listitem);
        await Assertions.Expect(list).ToHaveCountAsync(3);
        await Assertions.Expect(list.First).ToContainTextAsync("Firefox on Linux");
        await Assertions.Expect(list.First).ToContainTextAsync("This browser");
        await Assertions.Expect(list.Filter(new() { HasText = "Safari on iOS" })).ToContainTextAsync("2001:db8::7");
        await list.Filter(new() { HasText = "Safari on iOS" }).GetByRole(AriaRole.Button).ClickAsync();
        await person.SeesAsync("The session has ended.");
        await Assertions.Expect(list).ToHaveCountAsync(2);
        await Assertions.Expect(list.First.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task Where_the_server_has_no_sessions_to_list_Nothing_of_them_is_shown()
    {
        using var client = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, client);
        await person.Page.RouteAsync("**/account/sessions", route => route.FulfillAsync(new() { Status = 404 }));
        await person.GoToAsync("#/me");
        await person.SeesAsync("No records yet");
        await person.SeesNoMoreAsync("Where you are signed in");
        await person.SeesNoMoreAsync("Change the password");
        Assert.Empty(person.Faults);
    }

    private static JsonObject Current() => Session("s1", Firefox, "127.0.0.1", isCurrent: true);

    private static JsonObject Session(string id, string agent, string address, bool isCurrent = false) => new()
    {
        ["id"] = id,
        ["current"] = isCurrent,
        ["since"] = 1_790_000_000_000,
        ["lastSeen"] = 1_790_000_100_000,
        ["address"] = address,
        ["agent"] = agent,
    };

    private static async Task AnswerSessionsAsync(PagePerson person, Func<List<JsonObject>> sessions) => await person.Page.RouteAsync(
        "**/account/sessions",
        route => AnswerAsync(route, Envelope(200, "success", new JsonObject { ["list"] = new JsonArray([.. sessions().Select(session => session.DeepClone())]) })));

    private static JsonObject Envelope(int code, string msg, JsonObject? data = null) => new() { ["code"] = code, ["msg"] = msg, ["data"] = data };

    private static Task AnswerAsync(IRoute route, JsonObject envelope, string? retryAfter = null)
    {
        var code = envelope["code"]!.GetValue<int>();
        var headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" };
        if (retryAfter is not null)
            headers["Retry-After"] = retryAfter;
        return route.FulfillAsync(new() { Status = code is 401 or 403 or 429 or 500 ? code : 200, Headers = headers, Body = envelope.ToJsonString() });
    }
}
