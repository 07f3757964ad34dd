namespace Sailfish.Server.Delivery;

/// <summary>What a one-to-one conversation wants to be read for it from the log.</summary>
/// <param name="Gap">What it is for.</param>
/// <param name="After">The seq before the first.</param>
/// <param name="UpTo">The last seq.</param>
internal sealed record GapRead(DirectGap Gap, long After, long UpTo);
