namespace Sailfish.Server.Nodes;

/// <summary>Something was changed that nodes keep in memory: each of them is to read that key again.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="AppId">Of which app, where it is of one.</param>
/// <param name="A">Which one.</param>
/// <param name="B">The second part of its name, where it has two.</param>
/// <param name="Word">What else there is to say.</param>
internal readonly record struct Change(ChangeKind Kind, long? AppId = null, long? A = null, long? B = null, string? Word = null);
