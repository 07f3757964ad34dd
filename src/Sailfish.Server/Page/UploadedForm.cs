namespace Sailfish.Server.Page;

/// <summary>What a form with a picture brought.</summary>
/// <param name="HasFile">Whether there was a file.</param>
/// <param name="Picture">Its content; null when it was empty or too large.</param>
/// <param name="Word">What stood beside it; null without, empty when it was too long.</param>
internal sealed record UploadedForm(bool HasFile, byte[]? Picture, string? Word);
