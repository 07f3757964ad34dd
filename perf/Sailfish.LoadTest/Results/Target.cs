namespace Sailfish.LoadTest.Results;

/// <summary>Something to be measured, and what it should come to.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Unit">Of the measure; "×" for a ratio.</param>
/// <param name="Measure">Takes it from the results; not a number when it was not measured.</param>
/// <param name="Relation">Which side of the bound is good.</param>
/// <param name="Bound">What it should come to.</param>
internal sealed record Target(string Name, string Unit, Func<ResultSet, double> Measure, TargetRelation Relation, double Bound = double.NaN)
{
    internal string Condition => Relation switch
    {
        TargetRelation.AtLeast => FormattableString.Invariant($"≥ {Bound:#,0.##} {Unit}"),
        TargetRelation.AtMost => FormattableString.Invariant($"≤ {Bound:#,0.##} {Unit}"),
        _ => "",
    };

    internal bool IsMet(double measured) => Relation switch
    {
        TargetRelation.AtLeast => measured >= Bound,
        TargetRelation.AtMost => measured <= Bound,
        _ => true,
    };
}
