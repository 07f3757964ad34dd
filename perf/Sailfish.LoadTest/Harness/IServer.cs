namespace Sailfish.LoadTest.Harness;

/// <summary>What sessions need to know of the server.</summary>
internal interface IServer
{
    App App { get; }

    ServerPorts Ports { get; }

    bool HasExited { get; }

    /// <summary>The newest lines of its log, for when something went wrong.</summary>
    string LastLines { get; }
}
