namespace Sailfish.LoadTest.Results;

/// <summary>A target that was measured.</summary>
/// <param name="Target">Which.</param>
/// <param name="Measured">What it came to, of medians.</param>
/// <param name="IsMet">Whether that is good; null when it is not judged.</param>
internal sealed record TargetOutcome(Target Target, double Measured, bool? IsMet)
{
    internal string Verdict => IsMet switch { true => "yes", false => "no", _ => "–" };
}
