namespace Sailfish.LoadTest.Results;

/// <summary>How a measure stands to its bound.</summary>
internal enum TargetRelation
{
    /// <summary>The more the better.</summary>
    AtLeast,

    /// <summary>The less the better.</summary>
    AtMost,

    /// <summary>Told for comparison; no bound.</summary>
    Told,
}
