using FsCheck;
using FsCheck.Fluent;

namespace Sailfish.Tests.Protocol;

/// <summary>Runs properties; a failure's message holds the counterexample and the seed that brings it back.</summary>
internal static class Properties
{
    public static void Hold<T>(Arbitrary<T> values, Action<T> body, int count = 200) =>
        Prop.ForAll(values, body).Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithQuietOnSuccess(true));
}
