using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Sailfish.Server.Hosting;

namespace Sailfish.Tests.Server;

/// <summary>An operator who looks for an event by its number finds that event, and the part of the server that told it.</summary>
public sealed class LogEventTests
{
    private static readonly List<(Type Log, int Id)> Events =
    [
        .. from type in typeof(ServerOptions).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
           let attribute = method.GetCustomAttribute<LoggerMessageAttribute>()
           where attribute is not null
           select (type, attribute.EventId),
    ];

    [Fact]
    public void No_two_log_events_share_an_id()
    {
        Assert.NotEmpty(Events);
        Assert.Equal(Events.Select(e => e.Id).Distinct().Order(), Events.Select(e => e.Id).Order());
    }

    [Fact]
    public void A_folder_has_its_log_events_in_one_class_and_one_hundred()
    {
        var folders = Events.GroupBy(e => e.Log.Namespace).ToList();
        Assert.All(folders, folder => Assert.Single(folder.Select(e => (e.Log, e.Id / 100)).Distinct()));
        Assert.Equal(folders.Count, Events.Select(e => e.Id / 100).Distinct().Count());
    }

    [Fact]
    public void The_guide_for_operators_says_which_hundred_is_whose()
    {
        var said = Regex.Matches(File.ReadAllText(SourceTree.PathOf("docs/operations.md")), @"\b(\d+00) `(\w+)`").Select(m => (Id: int.Parse(m.Groups[1].Value), Folder: m.Groups[2].Value));
        var told = Events.Select(e => (Id: e.Id / 100 * 100, Folder: e.Log.Namespace!.Split('.')[2])).Distinct().Order();
        Assert.Equal(told, said);
    }
}
