namespace Sailfish.TestKit;

/// <summary>The app of a server, with what its product would know: tokens can be minted for it and the server API called.</summary>
/// <param name="Id">Its number.</param>
/// <param name="TokenSecret">What its tokens are signed with.</param>
/// <param name="ApiKey">What the server API asks for.</param>
public sealed record App(long Id, string TokenSecret, string ApiKey);
