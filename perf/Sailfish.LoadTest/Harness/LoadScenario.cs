using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Harness;

/// <summary>A load that lasts, the same all the time: it is warmed up, then measured for a period.</summary>
internal abstract class LoadScenario : ServerScenario
{
    internal abstract TimeSpan WarmUp { get; }

    internal abstract TimeSpan Period { get; }

    /// <summary>Sessions that it needs.</summary>
    internal abstract int Sessions { get; }

    /// <summary>Logs its sessions in.</summary>
    internal abstract ILoad Begin(Servers servers, Fleet fleet);

    protected override void Run(Servers servers, Fleet fleet, ScenarioResult result)
    {
        var load = Begin(servers, fleet);
        load.Drive(WarmUp, "warming up");
        load.BeginMeasuring();
        load.Drive(Period, "sending");
        load.EndMeasuring();
        load.End(result);
    }
}
