using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Harness;

/// <summary>A load on one server that can rest and go on: so servers are compared in turns of seconds.</summary>
internal interface ILoad
{
    /// <summary>Lasts so long; what was sent may still be under way.</summary>
    void Drive(TimeSpan period, string activity);

    /// <summary>Sends no more, and waits until nothing is under way.</summary>
    void Rest();

    /// <summary>What comes now is measured.</summary>
    void BeginMeasuring();

    /// <summary>What comes now is not measured.</summary>
    void EndMeasuring();

    /// <summary>Waits for the last, and reports what was measured and what went wrong.</summary>
    void End(ScenarioResult result);
}
