using System.CommandLine;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>The options of <see cref="RoomScenario"/>, for the commands that are made of it.</summary>
internal sealed class RoomCommand
{
    private readonly Option<int>? _rooms;
    private readonly Option<int> _members;
    private readonly Option<int> _senders = CheckedOption.Number("--senders", "Members of a room that send", 1, 1, 1000);
    private readonly Option<int> _seconds = CheckedOption.Seconds(10);
    private readonly Option<int> _warmUp;
    private readonly Option<int> _frame;
    private readonly Option<int> _window;
    private readonly Option<double> _rate;
    private readonly Option<RoomLoop> _loop = new("--loop")
    {
        Description = "When a message is no longer under way: when the last member has it, or when it is receipted",
        DefaultValueFactory = _ => RoomLoop.Delivered,
    };

    private readonly Option<RoomPlace>? _place;
    private readonly Option<int>? _over;

    private RoomCommand(Command command, RoomOptions standard, bool isPlaced = false)
    {
        if (isPlaced)
        {
            _place = new("--place")
            {
                Description = "With --nodes: members on all nodes in turn, together on the first, or there without the senders, who are on the second",
                DefaultValueFactory = _ => RoomPlace.Spread,
            };
            _over = CheckedOption.Number("--over", "With --nodes: the nodes that members are spread over; 0 = all", 0, 0, CommonOptions.MaxNodes);
        }

        _rooms = standard.Rooms > 1 ? CheckedOption.Number("--rooms", "Rooms", standard.Rooms, 1, CheckedOption.MaxConnections) : null;
        _members = CheckedOption.Number("--members", "Members of a room, senders included", standard.Members, 2, CheckedOption.MaxConnections);
        _warmUp = CheckedOption.WarmUp((int)standard.WarmUp.TotalSeconds);
        _frame = CheckedOption.Frame(standard.Frame);
        _window = CheckedOption.Number("--window", "Messages under way, all senders together", standard.Window, 1, 100_000);
        _rate = CheckedOption.Number("--rate", "Messages a second instead of a window; 0 = saturation", standard.Rate, 0, 1_000_000);
        foreach (var option in new Option?[] { _rooms, _members, _senders, _seconds, _warmUp, _frame, _window, _loop, _rate, _place, _over }.OfType<Option>())
            command.Options.Add(option);
    }

    internal static Command Room()
    {
        var command = new Command("room", "Messages to one room with many members");
        var options = new RoomCommand(command, new RoomOptions { Members = 10_000, Period = default }, isPlaced: true);
        ScenarioCommand.Bind(command, (parsed, settings, _) => [new Step(Keys.None, new RoomScenario(options.Read(parsed)), settings)]);
        return command;
    }

    internal static Command Growth()
    {
        var command = new Command("growth", "Rooms of growing size: what a delivery costs in each");
        var seconds = CheckedOption.Seconds(10);
        var sizes = new Option<int[]>("--sizes")
        {
            Description = "Members of the rooms",
            DefaultValueFactory = _ => RoomPlans.GrowthSizes,
            AllowMultipleArgumentsPerToken = true,
        };
        command.Options.Add(seconds);
        command.Options.Add(sizes);
        ScenarioCommand.Bind(
            command,
            (parsed, settings, _) => RoomPlans.Growth(
                Sizes(parsed.GetValue(sizes)!), new RoomOptions { Members = 0, Period = TimeSpan.FromSeconds(parsed.GetValue(seconds)) }, settings),
            parsed => parsed.GetValue(sizes)!.SequenceEqual(RoomPlans.GrowthSizes));
        return command;

        static int[] Sizes(int[] sizes) => Array.TrueForAll(sizes, s => s is >= 2 and <= CheckedOption.MaxConnections)
            ? sizes
            : throw new LoadTestException($"--sizes: 2 to {CheckedOption.MaxConnections} members are meant.");
    }

    internal static Command Rooms()
    {
        var command = new Command("rooms", "Many small rooms, and one with as many members");
        var options = new RoomCommand(command, RoomPlans.SmallRooms(1000, 10, TimeSpan.Zero));
        ScenarioCommand.Bind(command, (parsed, settings, _) => RoomPlans.Rooms(options.Read(parsed), settings), _ => true);
        return command;
    }

    internal static Command Slow()
    {
        var command = new Command("slow", "A room with members who do not read, and the same room without: what the others notice");
        var options = new RoomCommand(command, RoomPlans.SlowRoom(500, TimeSpan.Zero));
        var slow = CheckedOption.Number("--slow", "Percent of the members who do not read", RoomPlans.SlowPercent, 0.1, 50);
        command.Options.Add(slow);
        ScenarioCommand.Bind(command, (parsed, settings, _) =>
            RoomPlans.Slow(options.Read(parsed) with { SlowPercent = parsed.GetValue(slow) }, settings), _ => true);
        return command;
    }

    internal RoomOptions Read(ParseResult parsed)
    {
        var options = new RoomOptions
        {
            Rooms = _rooms is null ? 1 : parsed.GetValue(_rooms),
            Members = parsed.GetValue(_members),
            Senders = parsed.GetValue(_senders),
            Period = TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
            WarmUp = TimeSpan.FromSeconds(parsed.GetValue(_warmUp)),
            Frame = parsed.GetValue(_frame),
            Window = parsed.GetValue(_window),
            Loop = parsed.GetValue(_loop),
            Rate = parsed.GetValue(_rate),
            Place = _place is null ? RoomPlace.Spread : parsed.GetValue(_place),
            Over = _over is null ? 0 : parsed.GetValue(_over),
        };
        if (options.Senders >= options.Members)
            throw new LoadTestException($"--senders {options.Senders}: fewer than the {options.Members} members are meant.");
        if ((long)options.Rooms * options.Members > CheckedOption.MaxConnections)
            throw new LoadTestException($"{options.Rooms} rooms of {options.Members}: at most {CheckedOption.MaxConnections} connections fit into one process.");
        return options;
    }
}
