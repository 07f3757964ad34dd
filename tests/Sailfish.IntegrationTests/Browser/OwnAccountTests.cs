using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>The password and the sessions on one's own page, and what sign-up and sign-in say at their fields.</summary>
public sealed class OwnAccountTests(BrowserFixture browser, ServerFixture<ForBrowsers> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForBrowsers>>
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private const string Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
    private const string Next = "another good password";

    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task What_a_sign_up_lacks_is_said_at_the_field()
    {
        using var anna = await PageClient.SignUpAsync(Server);
        await using var visitor = await PagePerson.OpenAsync(browser, Server);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign up", Exact = true }).First.ClickAsync();
        var name = visitor.Dialog.GetByLabel("Name", new() { Exact = true });
        var password = visitor.Dialog.GetByLabel("Password", new() { Exact = true });
        await visitor.AnswerDialogAsync("Sign up", PageClient.NewName(), "7 chars");
        await Assertions.Expect(password).ToHaveAccessibleDescriptionAsync("Use at least 8 characters.");
        await password.FillAsync("password1");
        await visitor.PressAsync("Sign up");
        await Assertions.Expect(password).ToHaveAccessibleDescriptionAsync("This password is too common or not allowed. Choose another.");
        // Taken; and with a Cyrillic letter, which nobody can tell apart.
        foreach (var taken in new[] { anna.Name, anna.Name.Replace('a', 'а') })
        {
            await visitor.AnswerDialogAsync("Sign up", taken, PagePerson.Password);
            await Assertions.Expect(name).ToHaveAccessibleDescriptionAsync("That name is taken, or looks too much like one that is. Choose another.");
            await name.FillAsync("x y");
            await visitor.PressAsync("Sign up");
            await Assertions.Expect(name).ToHaveAccessibleDescriptionAsync("Use only letters, digits, _ - and .");
        }

        await visitor.AnswerDialogAsync("Sign up", PageClient.NewName(), PagePerson.Password);
        await Assertions.Expect(visitor.Dialog).ToBeHiddenAsync();
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task Where_nobody_may_sign_up_and_of_a_word_that_is_not_allowed_the_page_says_so()
    {
        await using var server = await ServerProcess.StartAsync($"Http:PageDir={PageFolder.Path}", "Content:Words:0=kitten");
        await using (var visitor = await PagePerson.OpenAsync(browser, server))
        {
            await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign up", Exact = true }).First.ClickAsync();
            await visitor.AnswerDialogAsync("Sign up", "kitten", PagePerson.Password);
            await visitor.SeesAsync("That name contains words that are not allowed here.");
        }

        await using var closed = await ServerProcess.StartAsync($"Http:PageDir={PageFolder.Path}", "Accounts:SignUp=false");
        await using var stranger = await PagePerson.OpenAsync(browser, closed);
        await stranger.Page.GetByRole(AriaRole.Button, new() { Name = "Sign up", Exact = true }).First.ClickAsync();
        await stranger.AnswerDialogAsync("Sign up", "somebody", PagePerson.Password);
        await stranger.SeesAsync("Sign-up is closed on this server.");
    }

    [Fact]
    public async Task Who_signs_in_wrongly_is_suspended_or_tries_too_often_reads_that()
    {
        using var client = await PageClient.SignUpAsync(Server);
        await using var visitor = await PagePerson.OpenAsync(browser, Server);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).First.ClickAsync();
        await visitor.AnswerDialogAsync("Sign in", "somebody else", PagePerson.Password);
        await visitor.SeesAsync("Wrong name or password.");
        await Server.Http.CallAsync(HttpMethod.Post, $"/api/v1/users/{client.UserId}/suspend", "{}");
        await visitor.AnswerDialogAsync("Sign in", client.Name, PagePerson.Password);
        await visitor.SeesAsync("This account is suspended.");
        for (var attempt = 0; attempt < 5; attempt++)
            Assert.Equal(401, (await client.LogInAsync("wrong password")).Code);
        await visitor.AnswerDialogAsync("Sign in", client.Name, "wrong password");
        await visitor.SeesAsync("Too many attempts. Try again in");
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task A_password_is_changed_what_is_wrong_with_it_said_at_the_field_and_the_other_browser_signed_out()
    {
        using var anna = await PageClient.SignUpAsync(Server);
        using var bert = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, bert, fragment: "#/me");
        await using var other = await PagePerson.OpenAsync(browser, Server);
        await other.SignInAsync(bert.Name);
        await other.GoToAsync("#/messages");
        await OnlineAsync(bert, sessions: 2);
        await using (var annas = await anna.ConnectAsync())
            await annas.ChatAsync(bert.UserId, "a secret", "a");
        await other.SeesAsync("a secret");
        await Wait.UntilAsync(async () => (await other.StorageAsync()).Contains("a secret", StringComparison.Ordinal), "the message to be kept");
        var calls = await other.CallsAsync();

        var old = person.Page.GetByLabel("Current password");
        var next = person.Page.GetByLabel("New password");
        await old.FillAsync("wrong one");
        await next.FillAsync("short");
        await person.PressAsync("Change password");
        await Assertions.Expect(next).ToHaveAccessibleDescriptionAsync("Use at least 8 characters.");
        await next.FillAsync(Next);
        await person.PressAsync("Change password");
        await Assertions.Expect(old).ToHaveAccessibleDescriptionAsync("That is not your current password.");
        await old.FillAsync(PagePerson.Password);
        await next.FillAsync("QWERTYUIOP");
        await person.PressAsync("Change password");
        await Assertions.Expect(next).ToHaveAccessibleDescriptionAsync("This password is too common or not allowed. Choose another.");
        await OnlineAsync(bert, sessions: 2);
        await next.FillAsync(Next);
        await person.PressAsync("Change password");
        await person.SeesAsync("Password changed. All other browsers were signed out.");
        await Assertions.Expect(old).ToHaveValueAsync("");
        await Assertions.Expect(Sessions(person)).ToHaveCountAsync(1);

        await Assertions.Expect(other.Dialog).ToContainTextAsync("You were signed out from elsewhere");
        await OnlineAsync(bert, sessions: 1);
        Assert.DoesNotContain("a secret", await other.StorageAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("/im/getImConfig", calls.Posts);
        await other.AnswerDialogAsync("Sign in", bert.Name, PagePerson.Password);
        await other.SeesAsync("Wrong name or password.");
        await other.AnswerDialogAsync("Sign in", bert.Name, Next);
        await Assertions.Expect(other.Dialog).ToBeHiddenAsync();
        await OnlineAsync(bert, sessions: 2);
        Assert.Empty(person.Faults.Concat(other.Faults));
    }

    [Fact]
    public async Task Sessions_are_listed_and_ended()
    {
        using var client = await PageClient.SignUpAsync(Server);
        await client.OkAsync("/account/logout");
        await using var phone = await PagePerson.OpenAsync(browser, Server, new Screen(IsPhone: true, Agent: Phone));
        await phone.SignInAsync(client.Name);
        await using var person = await PagePerson.OpenAsync(browser, Server, new Screen(Agent: Firefox));
        await person.SignInAsync(client.Name);
        using var tool = new PageClient(Server, client.UserId).Named(client.Name);
        Assert.Equal(200, (await tool.LogInAsync()).Code);
        await OnlineAsync(client, sessions: 2);
        await person.GoToAsync("#/me");
        var list = Sessions(person);
        await Assertions.Expect(list).ToHaveCountAsync(3);
        await Assertions.Expect(list.First).ToContainTextAsync("Firefox on Linux");
        await Assertions.Expect(list.First).ToContainTextAsync("This browser");
        var today = DateTime.Now.ToString("MMM d", System.Globalization.CultureInfo.InvariantCulture);
        await Assertions.Expect(list.First).ToContainTextAsync(new Regex($"127\\.0\\.0\\.1.*since {today}"));
        await Assertions.Expect(list.Filter(new() { HasText = "Safari on iOS" })).ToContainTextAsync(new Regex($"127\\.0\\.0\\.1.*since {today}.*last seen {today}"));
        await Assertions.Expect(person.Page.GetByText("This browser")).ToHaveCountAsync(1);
        await Assertions.Expect(list.First.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);

        await list.Filter(new() { HasText = "Safari on iOS" }).GetByRole(AriaRole.Button).ClickAsync();
        await person.SeesAsync("That browser is signed out.");
        await Assertions.Expect(list).ToHaveCountAsync(2);
        await Assertions.Expect(phone.Dialog).ToContainTextAsync("You were signed out from elsewhere");
        await OnlineAsync(client, sessions: 1);

        // What ended by itself meanwhile is as good as ended.
        await tool.OkAsync("/account/logout");
        await list.Last.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(list).ToHaveCountAsync(1);
        await person.SeesNoMoreAsync("That did not work");
        await Assertions.Expect(list.First).ToContainTextAsync("This browser");
        Assert.Empty(person.Faults.Concat(phone.Faults));
    }

    [Fact]
    public async Task A_nick_name_that_may_not_be_is_refused_with_the_reason()
    {
        using var anna = await PageClient.SignUpAsync(Server);
        using var bert = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, bert, fragment: "#/me");
        await person.Page.GetByLabel("Nickname").FillAsync(anna.Name);
        await person.PressAsync("Save");
        await person.SeesAsync("That name is taken, or looks too much like one that is.");
        Assert.Empty(person.Faults);
    }

    /// <summary>A server of before there were sessions to list: this one cannot be made to answer so.</summary>
    [Fact]
    public async Task Where_the_server_has_no_sessions_to_list_nothing_of_them_is_shown()
    {
        using var client = await PageClient.SignUpAsync(Server);
        await using var person = await PagePerson.OpenAsync(browser, client);
        await person.Page.RouteAsync("**/account/sessions", route => route.FulfillAsync(new() { Status = 404 }));
        await person.GoToAsync("#/me");
        await person.SeesAsync("No past rooms");
        await person.SeesNoMoreAsync("Where you are signed in");
        await person.SeesNoMoreAsync("Change password");
        Assert.Empty(person.Faults);
    }

    private static ILocator Sessions(PagePerson person) =>
        person.Page.GetByRole(AriaRole.Region, new() { Name = "Where you are signed in" }).GetByRole(AriaRole.Listitem);

    private async Task OnlineAsync(PageClient client, int sessions) => await Wait.UntilAsync(
        async () => Regex.Count(await Server.Http.GetStringAsync($"api/v1/users/{client.UserId}/online"), "connectionId") == sessions, "the connections of the page");
}
