using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>What the browser keeps of conversations, and what it keeps no more.</summary>
public sealed class KeptTests(BrowserFixture browser, ServerFixture<ForBrowsers> fixture) : IClassFixture<BrowserFixture>, IClassFixture<ServerFixture<ForBrowsers>>
{
    private const string FillStorage = """
        () => {
          for (let size = 1 << 20; size > 0; size >>= 1)
            for (let n = 0; ; n++)
              try { localStorage.setItem(`fill-${size}-${n}`, 'x'.repeat(size)); } catch { break; }
        }
        """;

    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task A_tab_that_crashes_as_a_message_comes_has_its_conversation_unread_when_it_is_back()
    {
        using var anna = await PageClient.SignUpAsync(Server);
        using var bert = await PageClient.SignUpAsync(Server);
        await using var berts = await PagePerson.OpenAsync(browser, bert, fragment: "#/me");
        await OnlineAsync(bert);
        await using var connection = await anna.ConnectAsync();
        await connection.ChatAsync(bert.UserId, "just now", "a");
        await Assertions.Expect(berts.LinkOf("1 unread ?Messages")).ToBeVisibleAsync();
        await CrashAsync(berts);

        await using var again = await berts.OpenTabAsync("#/messages");
        await Assertions.Expect(again.LinkOf(anna.Name)).ToContainTextAsync("1 unread");
        await Assertions.Expect(again.LinkOf(anna.Name)).ToContainTextAsync("just now");
        await AckedAsync(bert);
        await again.Page.ReloadAsync();
        await Assertions.Expect(again.LinkOf(anna.Name)).ToContainTextAsync("1 unread");
        Assert.Empty(again.Faults);
    }

    [Fact]
    public async Task With_full_storage_the_server_keeps_what_came_and_the_page_says_so()
    {
        using var anna = await PageClient.SignUpAsync(Server);
        using var bert = await PageClient.SignUpAsync(Server);
        await using var berts = await PagePerson.OpenAsync(browser, bert, fragment: "#/messages");
        await OnlineAsync(bert);
        await berts.Page.EvaluateAsync(FillStorage);
        await using var connection = await anna.ConnectAsync();
        await connection.ChatAsync(bert.UserId, "one", "a");
        await connection.ChatAsync(bert.UserId, "two", "b");
        await Assertions.Expect(berts.LinkOf(anna.Name)).ToContainTextAsync("2 unread");
        await berts.SeesAsync("This browser's storage is full");
        await berts.Page.ReloadAsync();
        await Assertions.Expect(berts.LinkOf(anna.Name)).ToContainTextAsync("2 unread");
        await connection.ChatAsync(bert.UserId, "three", "c");
        await Assertions.Expect(berts.LinkOf(anna.Name)).ToContainTextAsync("3 unread");
        Assert.Equal(3, await UnackedAsync(bert));

        await berts.Page.EvaluateAsync("() => Object.keys(localStorage).filter(key => key.startsWith('fill-')).forEach(key => localStorage.removeItem(key))");
        await connection.ChatAsync(bert.UserId, "four", "d");
        await Assertions.Expect(berts.LinkOf(anna.Name)).ToContainTextAsync("4 unread");
        await AckedAsync(bert);
        await berts.Page.ReloadAsync();
        await Assertions.Expect(berts.LinkOf(anna.Name)).ToContainTextAsync("4 unread");
        await berts.SeesNoMoreAsync("storage is full");
        Assert.Empty(berts.Faults);
    }

    [Fact]
    public async Task A_conversation_taken_off_the_list_stays_off_in_every_tab_until_something_newer_comes()
    {
        using var anna = await PageClient.SignUpAsync(Server);
        using var bert = await PageClient.SignUpAsync(Server);
        using var carl = await PageClient.SignUpAsync(Server);
        await using var berts = await PagePerson.OpenAsync(browser, bert, fragment: "#/messages");
        await using var tab = await berts.OpenTabAsync("#/messages");
        await OnlineAsync(bert, sessions: 2);
        await using var annas = await anna.ConnectAsync();
        await using var carls = await carl.ConnectAsync();
        await annas.ChatAsync(bert.UserId, "old", "a");
        await Assertions.Expect(tab.LinkOf(anna.Name)).ToBeVisibleAsync();
        await berts.LinkOf(anna.Name).ClickAsync();
        await berts.PressAsync("Remove the conversation from the list");
        await berts.PressAsync("Remove");
        foreach (var each in new[] { berts, tab })
            await Assertions.Expect(each.LinkOf(anna.Name)).ToHaveCountAsync(0);

        await carls.ChatAsync(bert.UserId, "of another", "b");
        foreach (var each in new[] { berts, tab })
        {
            await Assertions.Expect(each.LinkOf(carl.Name)).ToBeVisibleAsync();
            await each.Page.ReloadAsync();
            await Assertions.Expect(each.LinkOf(carl.Name)).ToBeVisibleAsync();
            await Assertions.Expect(each.LinkOf(anna.Name)).ToHaveCountAsync(0);
        }

        await annas.ChatAsync(bert.UserId, "new", "c");
        foreach (var each in new[] { berts, tab })
            await Assertions.Expect(each.LinkOf(anna.Name)).ToContainTextAsync("1 unread");
        Assert.Empty(berts.Faults.Concat(tab.Faults));
    }

    [Fact]
    public async Task Signing_out_takes_what_was_said_out_of_the_browser_in_all_tabs()
    {
        using var anna = await PageClient.SignUpAsync(Server);
        using var bert = await PageClient.SignUpAsync(Server);
        await using var berts = await PagePerson.OpenAsync(browser, bert, fragment: "#/me");
        await using var tab = await berts.OpenTabAsync("#/messages");
        await OnlineAsync(bert, sessions: 2);
        await using var annas = await anna.ConnectAsync();
        await annas.ChatAsync(bert.UserId, "a secret", "a");
        await Assertions.Expect(tab.LinkOf(anna.Name)).ToContainTextAsync("a secret");
        await AckedAsync(bert);
        Assert.Contains("a secret", await berts.StorageAsync(), StringComparison.Ordinal);

        await berts.PressAsync("Sign out");
        await tab.SeesAsync("Sign in to continue");
        Assert.DoesNotContain("a secret", await berts.StorageAsync(), StringComparison.Ordinal);
        // A tab that closes saves what it has.
        await tab.Page.CloseAsync(new() { RunBeforeUnload = true });
        await berts.Page.ReloadAsync();
        await berts.SeesAsync("Sign in to continue");
        Assert.DoesNotContain("a secret", await berts.StorageAsync(), StringComparison.Ordinal);

        await berts.SignInAsync(bert.Name);
        await berts.GoToAsync($"#/messages/{anna.UserId}");
        await berts.SeesOnceAsync("a secret");
        Assert.Empty(berts.Faults.Concat(tab.Faults));
    }

    [Fact]
    public async Task Who_signs_in_after_somebody_whose_session_ended_finds_nothing_of_theirs()
    {
        using var anna = await PageClient.SignUpAsync(Server);
        using var bert = await PageClient.SignUpAsync(Server);
        await using var berts = await PagePerson.OpenAsync(browser, bert, fragment: "#/messages");
        await OnlineAsync(bert);
        await using var annas = await anna.ConnectAsync();
        await annas.ChatAsync(bert.UserId, "a secret", "a");
        await Assertions.Expect(berts.LinkOf(anna.Name)).ToContainTextAsync("a secret");
        await AckedAsync(bert);
        await berts.Context.ClearCookiesAsync();
        await berts.GoToAsync("#/");
        await berts.Page.ReloadAsync();
        Assert.Contains("a secret", await berts.StorageAsync(), StringComparison.Ordinal);
        await berts.SignInAsync(anna.Name);
        await berts.SeesAsync("Want to open a room?");
        Assert.DoesNotContain("a secret", await berts.StorageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_whose_attempt_hangs_is_back_as_soon_as_the_network_says_so()
    {
        using var bert = await PageClient.SignUpAsync(Server);
        await using var berts = await PagePerson.OpenAsync(browser, bert, fragment: "#/messages");
        await OnlineAsync(bert);
        var hanging = new TaskCompletionSource();
        await berts.Page.RouteAsync("**/im/getImConfig", route =>
        {
            // Never answered.
            hanging.TrySetResult();
            return Task.CompletedTask;
        });
        await CutOffAsync(bert);
        await berts.PressAsync("Connect again");
        await hanging.Task.WaitAsync(Wait.Limit);
        await berts.Page.UnrouteAsync("**/im/getImConfig");
        await berts.Page.EvaluateAsync("() => dispatchEvent(new Event('online'))");
        await OnlineAsync(bert);
        Assert.Empty(berts.Faults);
    }

    /// <summary>The page's connection goes, as the oldest of too many, and its sign-in stays.</summary>
    private async Task CutOffAsync(PageClient client)
    {
        var others = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => TestClient.LogInAsync(Server, client.UserId)));
        foreach (var other in others)
            await other.DisposeAsync();
    }

    /// <summary>The page's process ends at once: nothing of it runs any more.</summary>
    private static async Task CrashAsync(PagePerson person)
    {
        var crashed = new TaskCompletionSource();
        person.Page.Crash += (_, _) => crashed.TrySetResult();
        var session = await person.Context.NewCDPSessionAsync(person.Page);
        _ = session.SendAsync("Page.crash").ContinueWith(task => task.Exception, TaskScheduler.Default);
        await crashed.Task.WaitAsync(Wait.Limit);
    }

    private async Task OnlineAsync(PageClient client, int sessions = 1) => await Wait.UntilAsync(
        async () => Regex.Count(await Server.Http.GetStringAsync($"api/v1/users/{client.UserId}/online"), "connectionId") == sessions, "the page to be online");

    private async Task AckedAsync(PageClient client) =>
        await Wait.UntilAsync(async () => await UnackedAsync(client) == 0, "the acknowledgement");

    private async Task<long> UnackedAsync(PageClient client)
    {
        using var answer = System.Text.Json.JsonDocument.Parse(await Server.Http.GetStringAsync($"api/v1/users/{client.UserId}/unacked"));
        return answer.RootElement.EnumerateObject().Sum(conversation => conversation.Value.GetInt64());
    }
}
