namespace Sailfish.Protocol.Bodies;

/// <summary>What a client of protocol 2 may ask for in its LOGIN beside what all get (docs/protocol.md, section 1, LOGIN).</summary>
public static class FeatureWords
{
    /// <summary>The state of living rooms, at JOIN and as it changes (section 2, State).</summary>
    public const string State = "state";
}
