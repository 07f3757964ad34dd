using Sailfish.LoadTest.Transports;

namespace Sailfish.LoadTest.Harness;

/// <summary>What a crew is told: on its standard input, because secrets on a command line can be read by every user.</summary>
/// <param name="App">The server's app.</param>
/// <param name="Ports">Where it listens.</param>
/// <param name="Transport">How sessions connect.</param>
/// <param name="Source">The last byte of the address 127.0.0.x that they come from: each address has ports of its own.</param>
/// <param name="FirstUser">The first session's user.</param>
/// <param name="Sessions">How many.</param>
/// <param name="Core">The core to stay on; −1 leaves it to the system.</param>
internal sealed record CrewOrder(App App, ServerPorts Ports, TransportKind Transport, byte Source, long FirstUser, int Sessions, int Core);
