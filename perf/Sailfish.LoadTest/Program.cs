using System.CommandLine;
using Sailfish.LoadTest.Scenarios;

var root = new RootCommand("Loads a Sailfish server over real sockets of this machine, and counts what comes of it.")
{
    IdleScenario.Command(),
    RoomCommand.Room(),
    RoomCommand.Rooms(),
    RoomCommand.Growth(),
    PlaceScenario.Command(),
    PeerPlan.Command(),
    RoomCommand.Slow(),
    StormScenario.Command(),
    DeathScenario.Command(),
    DirectScenario.Command(),
    AppendPairScenario.Command(),
    ClusterPlan.Command(),
    AllScenarios.Command(),
    AbuseScenario.Command(),
    VideoScenario.Command(),
    PairsCommand.Command(),
    FloodWorker.Command(),
    WatchWorker.Command(),
};
return root.Parse(args).Invoke();
