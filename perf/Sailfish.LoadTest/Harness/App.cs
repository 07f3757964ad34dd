namespace Sailfish.LoadTest.Harness;

/// <summary>The app that the server is configured with, so that tokens can be minted here.</summary>
internal sealed record App(long Id, string TokenSecret, string ApiKey);
