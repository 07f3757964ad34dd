using System.Diagnostics.Metrics;
using Sailfish.Server.Events;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>The bus of a single process.</summary>
public sealed class InProcessBusTests : BusConformance
{
    private protected override IBus NewBus(IMeterFactory meters) => new InProcessBus(meters);
}
