namespace Sailfish.Server.Cluster;

/// <summary>
/// Hears what a bus brings. Calls come one at a time and must neither wait nor throw: while one runs, everything behind it
/// waits.
/// </summary>
internal interface IBusReceiver
{
    /// <summary>A frame of another node, those of one node to one channel in the order in which it sent them, each once.</summary>
    /// <param name="frame">Belongs to the receiver from now on.</param>
    void Received(ReadOnlyMemory<byte> frame);

    /// <summary>The bus knows that it lost frames to this node; how many, and whose, it does not know.</summary>
    void Lost();

    /// <summary>The health is another one now. A bus begins away.</summary>
    void HealthChanged(BusHealth health);
}
