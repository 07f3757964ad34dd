using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>What a page calls from now on, and how it is answered.</summary>
public sealed class PageCalls
{
    private readonly ConcurrentQueue<IRequest> _requests = new();
    private readonly ConcurrentQueue<int> _statuses = new();

    private PageCalls(IPage page)
    {
        page.Request += (_, request) => _requests.Enqueue(request);
        page.Response += (_, response) => _statuses.Enqueue(response.Status);
    }

    /// <summary>Paths of what was posted, in order.</summary>
    public IEnumerable<string> Posts => _requests.Where(request => request.Method == "POST").Select(request => new Uri(request.Url).AbsolutePath);

    public IReadOnlyCollection<int> Statuses => _statuses;

    /// <summary>
    /// Playwright asks the browser for these events without waiting for an answer, and what makes a page call need not go
    /// through it: it may come from the server. After one answer of its own the events come.
    /// </summary>
    internal static async Task<PageCalls> OfAsync(IPage page)
    {
        var calls = new PageCalls(page);
        await page.EvaluateAsync("() => 0");
        return calls;
    }
}
