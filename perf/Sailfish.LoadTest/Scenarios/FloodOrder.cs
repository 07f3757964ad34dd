using Sailfish.TestKit;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>What a process of flooders is told.</summary>
/// <param name="App">The server's app.</param>
/// <param name="Ports">Where it listens.</param>
/// <param name="Kind">What they send.</param>
/// <param name="FirstUser">The first flooder's user, where they log in.</param>
/// <param name="Flooders">How many connections flood at once.</param>
/// <param name="Core">The core to stay on; −1 leaves it to the system.</param>
internal sealed record FloodOrder(App App, ServerPorts Ports, FloodKind Kind, long FirstUser, int Flooders, int Core);
