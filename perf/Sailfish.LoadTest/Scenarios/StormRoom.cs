using System.Globalization;
using Sailfish.LoadTest.Bodies;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>A room of the storm: its number, what was sent to it, and how its bodies are read.</summary>
internal sealed class StormRoom(long id)
{
    internal long Id => id;

    internal NumberScanner SeqOfMessage { get; } = NumberScanner.SeqIn(string.Create(CultureInfo.InvariantCulture, $"r:{id}"), protocol: 2);

    internal NumberScanner SeqOfJoin { get; } = NumberScanner.Seq();

    /// <summary>The newest seq, as receipts say.</summary>
    internal int Newest { get; set; }
}
