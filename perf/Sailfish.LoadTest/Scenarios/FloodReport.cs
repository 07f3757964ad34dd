namespace Sailfish.LoadTest.Scenarios;

/// <summary>What the flooders did.</summary>
/// <param name="Bytes">That the server's machine took.</param>
/// <param name="Connections">That were opened: one that the server ends is opened again.</param>
internal sealed record FloodReport(long Bytes, long Connections);
