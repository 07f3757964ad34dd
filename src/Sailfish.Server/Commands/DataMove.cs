using System.Diagnostics;
using System.Globalization;
using Sailfish.Server.Identity;
using Sailfish.Server.Storage;
using Sailfish.Server.Storage.Postgres;
using Sailfish.Server.Storage.Sqlite;

namespace Sailfish.Server.Commands;

/// <summary>One move from the store of a single server to that of a cluster, and what is said of it.</summary>
/// <param name="source">Has what the server had in tables.</param>
/// <param name="files">Have the rest.</param>
/// <param name="apps">None when settings name them, which are the operator's.</param>
/// <param name="target">Gets all of it.</param>
internal sealed class DataMove(MoveSource source, DataFolderFiles files, IReadOnlyList<AppConfig> apps, MoveTarget target)
{
    private readonly Dictionary<string, long> _moved = [];
    private readonly List<string> _notes = [];

    public void Run(string folder)
    {
        var started = Stopwatch.GetTimestamp();
        Console.WriteLine($"Moving {folder} to the database {target.Name}.");
        MoveTables();
        MovePictures();
        MoveCookieKeys();
        MoveApps();
        target.GoOnBehind(source.Generation);
        target.ReadConversations(there =>
        {
            using var here = source.Conversations();
            MoveCheck.Compare(here, there);
        });
        target.Commit();
        Tell(Stopwatch.GetElapsedTime(started));
    }

    private void MoveTables()
    {
        var now = target.Now();
        foreach (var table in MovedTables.All)
        {
            using var rows = source.Read(table, now);
            var written = target.Write(table, rows);
            var there = target.Count(table);
            MoveCheck.Compare(table.Name, source.Count(table, now), there);
            MoveCheck.Compare(table.Name, written, there);
            Note(table.Name, written);
        }
    }

    private void MovePictures()
    {
        var (pictures, missing) = (source.Pictures(), 0);
        foreach (var (accountId, name) in pictures)
        {
            if (files.Picture(name) is { } content)
                target.AddPicture(accountId, name, content);
            else
                missing++;
        }

        Note("avatar", pictures.Count - missing);
        if (missing > 0)
            _notes.Add(string.Create(CultureInfo.InvariantCulture, $"Pictures that accounts name and the folder has not, before as now: {missing:N0}."));
    }

    private void MoveCookieKeys()
    {
        var count = 0;
        foreach (var (name, content) in files.CookieKeys())
        {
            target.AddCookieKey(name, content);
            count++;
        }

        Note("cookie_key", count);
    }

    private void MoveApps()
    {
        for (var place = 0; place < apps.Count; place++)
            target.AddApp(apps[place], place);
        Note("app", apps.Count);
        if (apps.Count == 0)
            _notes.Add("The apps stand in settings (Sailfish:Apps), which are not moved: give the same to each node.");
    }

    private void Note(string table, long rows)
    {
        _moved[table] = rows;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{table,-20} {rows,14:N0}"));
    }

    private void Tell(TimeSpan took)
    {
        if (target.ReplacedTexts > 0)
            _notes.Add(string.Create(CultureInfo.InvariantCulture, $"Texts with U+0000, which PostgreSQL does not hold, and U+FFFD in its place now: {target.ReplacedTexts:N0}."));
        foreach (var note in _notes)
            Console.WriteLine(note);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Moved in {took.TotalSeconds:N0} s. Both sides have the same {_moved["message"]:N0} messages in {_moved["conversation"]:N0} conversations, up to the same seqs."));
    }
}
