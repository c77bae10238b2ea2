if not isExact(obj) then error("it has a number beyond 2^53, which Argo CD would change: use kubectl") end
