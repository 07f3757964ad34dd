using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>What axe-core finds wrong with what somebody sees, and what is wider than the screen.</summary>
internal sealed class ViewCheck
{
    private const string CutAtLeft = """
        () => [...document.querySelectorAll('button, a, input, textarea')]
          .filter((each) => each.checkVisibility() && each.getBoundingClientRect().left < -1 && each.getBoundingClientRect().right > 1)
          .map((each) => `${each.getBoundingClientRect().left} of ${innerWidth}: ${each.outerHTML.slice(0, 200)}`)
        """;

    private readonly List<string> _violations = [];

    public static async Task OnceAsync(PagePerson person)
    {
        var check = new ViewCheck();
        await check.LookAsync(person, "here");
        check.FoundNothing();
    }

    /// <summary>On a phone at the width of a narrow one, too.</summary>
    public async Task LookAsync(PagePerson person, string where)
    {
        var result = await person.Page.RunAxe(new() { ResultTypes = [ResultType.Violations] });
        _violations.AddRange(result.Violations.SelectMany(rule => rule.Nodes, (rule, node) => $"{where}: {rule.Id}: {rule.Help}: {node.Html}"));
        await FitsAsync(person, where);
        if (person.Page.ViewportSize is not { Width: 390 } phone)
            return;
        await person.Page.SetViewportSizeAsync(360, 740);
        await FitsAsync(person, where);
        await person.Page.SetViewportSizeAsync(phone.Width, phone.Height);
    }

    public void FoundNothing() => Assert.True(_violations.Count == 0, string.Join('\n', _violations));

    /// <summary>A phone shows what is wider smaller, and then the way to the other pages is off the screen.</summary>
    private async Task FitsAsync(PagePerson person, string where)
    {
        var screen = person.Page.ViewportSize!;
        var width = await person.Page.EvaluateAsync<int>("Math.max(innerWidth, document.documentElement.scrollWidth)");
        if (width > screen.Width)
            _violations.Add($"{where}: {width} pixels wide on {screen.Width}");
        // What is too far to the left makes nothing wider.
        var cut = await person.Page.EvaluateAsync<string[]>(CutAtLeft);
        _violations.AddRange(cut.Select(what => $"{where}: cut at the left: {what}"));
        var tabs = await person.Page.EvaluateAsync<double>("Math.max(0, document.querySelector('nav.tabs')?.getBoundingClientRect().bottom ?? 0)");
        if (tabs > screen.Height + 1)
            _violations.Add($"{where}: the way to the other pages ends at {tabs} of {screen.Height}");
    }
}
