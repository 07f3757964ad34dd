using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>A page that is open when its session ends: it says what happened, asks once, and leads on.</summary>
public sealed class SessionEndTests(BrowserFixture browser, ServerFixture<ForBrowsers> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForBrowsers>>
{
    private ServerProcess Server => fixture.Server;

    [Theory]
    [InlineData("#/messages")]
    [InlineData("#/me")]
    [InlineData("room")]
    public async Task Who_is_kicked_reads_so_and_signs_in_again(string fragment)
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        using var client = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, client, fragment: fragment == "room" ? $"#/room/{room}" : fragment);
        await OnlineAsync(client);
        var calls = await person.CallsAsync();
        await Server.Http.CallAsync(HttpMethod.Post, $"/api/v1/users/{client.UserId}/kick", "{}");
        await Assertions.Expect(person.Dialog).ToContainTextAsync("An operator signed you out. Sign in again.");
        await person.SeesAsync(fragment == "room" ? "You are watching as a guest." : "Sign in to continue");
        await person.SeesNoMoreAsync("Connect again");
        Assert.Equal(["/home/initPage"], calls.Posts.Where(path => path is not ("/im/guestConfig" or "/living/anchorConfig" or "/living/list")));
        await person.AnswerDialogAsync("Sign in", client.Name, PagePerson.Password);
        await Assertions.Expect(person.Dialog).ToBeHiddenAsync();
        await OnlineAsync(client);
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task Who_is_suspended_reads_so_as_soon_as_there_is_somebody_to_tell()
    {
        using var client = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, client, fragment: "#/messages");
        await OnlineAsync(client);
        var calls = await person.CallsAsync();
        await Server.Http.CallAsync(HttpMethod.Post, $"/api/v1/users/{client.UserId}/suspend", "{}");
        await Assertions.Expect(person.Dialog).ToContainTextAsync("An operator signed you out. Sign in again.");
        Assert.Equal(["/home/initPage"], calls.Posts);
        await person.AnswerDialogAsync("Sign in", client.Name, PagePerson.Password);
        await Assertions.Expect(person.Dialog).ToContainTextAsync("This account is suspended. Contact whoever runs this server.");
        await Server.Http.CallAsync(HttpMethod.Post, $"/api/v1/users/{client.UserId}/unsuspend");
        await person.PressAsync("Sign in");
        await Assertions.Expect(person.Dialog).ToBeHiddenAsync();
        await OnlineAsync(client);
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task A_session_whose_days_are_over_leads_to_signing_in_and_keeps_what_there_was()
    {
        await using var server = await ClientHarness.StartOnFixedPortsAsync($"Http:PageDir={PageFolder.Path}", "Accounts:SessionDays=1");
        using var anna = await PageClient.SignUpAsync(server);
        using var bert = await PageClient.SignUpAsync(server);
        await using var person = await PagePerson.OpenAsync(browser, anna, fragment: $"#/messages/{bert.UserId}");
        await person.SayAsync("before");
        await person.SeesAsync("Sent");
        await server.KillAsync();
        server.Sql($"UPDATE page_session SET created_at = created_at - {(long)TimeSpan.FromDays(1).TotalMilliseconds}");
        await server.StartAgainAsync();
        await Assertions.Expect(person.Dialog).ToContainTextAsync("Your session has ended. Sign in again.");
        Assert.Contains("before", await person.StorageAsync(), StringComparison.Ordinal);
        await person.AnswerDialogAsync("Sign in", anna.Name, PagePerson.Password);
        await person.SeesOnceAsync("before");
        await person.SayAsync("after");
        await Assertions.Expect(person.Chat.GetByText("Sent", new() { Exact = true })).ToHaveCountAsync(2);
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task Signing_out_asks_no_tab_to_sign_in_again()
    {
        using var client = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, client, fragment: "#/me");
        await using var tab = await person.OpenTabAsync("#/messages");
        await OnlineAsync(client, sessions: 2);
        await person.PressAsync("Sign out");
        foreach (var each in new[] { person, tab })
        {
            await each.SeesAsync("Sign in to continue");
            await Assertions.Expect(each.Dialog).ToHaveCountAsync(0);
        }

        // The dialog that is open in one tab goes when the other has signed in, and does not come back.
        await tab.PressAsync("Sign in");
        await person.SignInAsync(client.Name);
        await Assertions.Expect(tab.Dialog).ToHaveCountAsync(0);
        await OnlineAsync(client, sessions: 2);
        await person.PressAsync("Sign out");
        await tab.SeesAsync("Sign in to continue");
        await Assertions.Expect(tab.Dialog).ToHaveCountAsync(0);
        Assert.Empty(person.Faults.Concat(tab.Faults));
    }

    [Fact]
    public async Task Who_signs_in_anew_in_this_browser_by_other_means_goes_on_in_the_tabs_that_are_open()
    {
        using var client = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, client, fragment: "#/me");
        await OnlineAsync(client);
        var before = await Server.Http.GetStringAsync($"api/v1/users/{client.UserId}/online");
        await person.Page.EvaluateAsync(
            "([name, password]) => fetch('account/login', { method: 'POST', body: new URLSearchParams({ name, password }) })",
            new[] { client.Name, PageClient.Password });
        await Wait.UntilAsync(
            async () =>
            {
                var now = await Server.Http.GetStringAsync($"api/v1/users/{client.UserId}/online");
                return now.Contains("connectionId", StringComparison.Ordinal) && now != before;
            },
            "the new connection");
        await person.ConnectedAsync();
        Assert.False((await client.OkAsync("/home/initPage")).Flag("loginStatus"));
        await person.GoToAsync("#/");
        await person.GoToAsync("#/me");
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Region, new() { Name = "Where you are signed in" }).GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task A_new_cookie_that_comes_later_than_the_end_of_the_session_before_is_waited_for()
    {
        using var client = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, client, fragment: "#/messages");
        await OnlineAsync(client);
        var asked = 0;
        var offers = new TaskCompletionSource<int>();
        await person.Page.RouteAsync("**/home/initPage", async route =>
        {
            if (++asked == 2)
            {
                offers.TrySetResult(await person.ButtonOf("Connect again").CountAsync());
                await person.BringCookiesAsync(client);
            }

            await route.ContinueAsync();
        });
        Assert.Equal(200, (await client.LogInAsync()).Code);
        Assert.Equal(0, await offers.Task.WaitAsync(Wait.Limit));
        await OnlineAsync(client);
        await person.ConnectedAsync();
        await Assertions.Expect(person.Dialog).ToHaveCountAsync(0);
        Assert.Equal(2, asked);
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task Who_follows_a_link_to_a_room_without_being_signed_in_makes_no_call_that_is_refused()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var _ = anchor;
        await using var visitor = await PagePerson.OpenAsync(browser, Server);
        var calls = await visitor.CallsAsync();
        await visitor.GoToAsync($"#/room/{room}");
        await visitor.Page.ReloadAsync();
        await visitor.SeesAsync("You are watching as a guest.");
        await visitor.SeesAsync("No messages yet");
        Assert.NotEmpty(calls.Statuses);
        Assert.All(calls.Statuses, status => Assert.InRange(status, 200, 399));
        await visitor.PressAsync("Sign in");
        await visitor.PressAsync("New here? Create an account");
        await visitor.AnswerDialogAsync("Sign up", PageClient.NewName(), PagePerson.Password);
        await visitor.SeesNoMoreAsync("You are watching as a guest.");
        await visitor.SeesAsync("No messages yet");
        Assert.Empty(visitor.Faults);
    }

    private async Task OnlineAsync(PageClient client, int sessions = 1) => await Wait.UntilAsync(
        async () => Regex.Count(await Server.Http.GetStringAsync($"api/v1/users/{client.UserId}/online"), "connectionId") == sessions, "the page to be online");
}
